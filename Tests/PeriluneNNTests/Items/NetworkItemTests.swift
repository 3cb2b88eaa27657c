import PeriluneItems
import PeriluneNN
import PeriluneTestSupport
import Testing

/// What the declarations of a network's items must be, whichever items there are.
struct NetworkItemTests {
    @Test func `every item has a name of its own and help`() {
        #expect(CatalogueCheck.faultsOfText(ActivationCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(LossCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(MetricCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(InitializerCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(RegularizerCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(ConstraintCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfText(LayerCatalogue.self) == [])
    }

    @Test func `every item is what its description says`() {
        #expect(CatalogueCheck.faultsOfDescriptions(ActivationCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(LossCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(MetricCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(InitializerCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(RegularizerCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(ConstraintCatalogue.self) == [])
        #expect(CatalogueCheck.faultsOfDescriptions(LayerCatalogue.self) == [])
    }

    @Test func `every file declares one item, which is in its catalogue`() throws {
        func faults<Catalogue: ItemCatalogue>(
            _ folder: String, _ catalogue: Catalogue.Type, shared: Set<String>
        ) throws -> [String] {
            try CatalogueCheck.faultsOfFiles(in: "PeriluneNN/" + folder, of: catalogue, shared: shared)
        }
        #expect(
            try faults(
                "Activations", ActivationCatalogue.self,
                shared: [
                    "Activation", "Activation+Option", "ActivationFunction", "ActivationResult", "DeclaredActivation",
                    "SymbolicTensor+Axis",
                ]) == [])
        #expect(
            try faults("Losses", LossCatalogue.self, shared: ["CrossEntropyInput", "LabelShapes", "Loss"]) == [])
        #expect(
            try faults(
                "Metrics", MetricCatalogue.self,
                shared: [
                    "DecisionMetric", "DecisionRule", "LabelKind+Shapes", "LossMetric", "Metric", "MetricDirection",
                    "OperatingPoint", "ThresholdCounts", "ThresholdMetric", "TopK",
                ]) == [])
        #expect(
            try faults(
                "Initializers", InitializerCatalogue.self,
                shared: ["Initializer", "NormalInitializer", "RandomNumbers"]) == [])
        #expect(try faults("Regularizers", RegularizerCatalogue.self, shared: ["Regularizer"]) == [])
        #expect(
            try faults(
                "Layers", LayerCatalogue.self,
                shared: [
                    "Convolution", "ConvolutionLayer", "ConvolutionOptions", "FunctionLayer", "GlobalPooling",
                    "ImageConvolution",
                    "Merging",
                    "Pooling", "SpatialDropout", "SymbolicTensor+Centering", "WindowShapes",
                ]) == [])
        #expect(try faults("Constraints", ConstraintCatalogue.self, shared: ["Constraint", "WeightNorms"]) == [])
    }

    @Test func `a description is a value that makes the item again`() throws {
        let loss = Huber(delta: 0.3)
        let description = try #require(LossCatalogue.describe(loss))
        #expect(description == ItemDescription("huber", ["delta": .number(0.3)]))
        #expect(try LossCatalogue.make(description) as? Huber == loss)
        expectModelError("unknown option 'dleta' of huber; did you mean 'delta'?") {
            try LossCatalogue.make(ItemDescription("huber", ["dleta": .number(1)]))
        }
        expectModelError("bad option 'delta' of huber (number above 0 expected)") {
            try LossCatalogue.make(ItemDescription("huber", ["delta": .number(0)]))
        }
        expectModelError("bad option 'delta' of huber (1e+300 is out of the range of single precision)") {
            try LossCatalogue.make(ItemDescription("huber", ["delta": .number(1e300)]))
        }
        expectModelError("precision_at_recall needs 'value' (number from 0 to 1 expected)") {
            try MetricCatalogue.make(ItemDescription("precision_at_recall"))
        }
    }

    @Test func `a layer takes the options of its weights and those of every layer`() throws {
        let layer = try LayerCatalogue.make(
            ItemDescription(
                "dense",
                [
                    "units": .integer(3),
                    "kernel_initializer": .item(ItemDescription("constant", ["value": .number(2)])),
                    "bias_regularizer": .text("l2"), "name": .text("head"), "trainable": .boolean(false),
                ]))
        let dense = try #require(layer as? Dense)
        #expect(dense.kernel.initializer as? Constant == Constant(2))
        #expect(dense.bias.initializer is Zeros)
        #expect(dense.bias.regularizer as? L2 == L2())
        #expect(dense.name == "head")
        #expect(!dense.isTrainable)
        expectModelError("bad option 'kernel_initializer' of dense (unknown initializer 'onse'; did you mean 'ones'?)")
        {
            try LayerCatalogue.make(
                ItemDescription("dense", ["units": .integer(3), "kernel_initializer": .text("onse")]))
        }
    }

    @Test func `what a layer penalizes is told apart from a penalty on its output`() throws {
        let layer = try LayerCatalogue.make(ItemDescription("activity_regularization", ["l1": .number(0.5)]))
        #expect((layer as? ActivityRegularization)?.l1 == 0.5)
        #expect(layer.core.activityRegularizer == nil)
    }
}
