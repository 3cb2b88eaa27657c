// Losses, layers, optimizers and so on by name, and as values that tell what they are.
@_exported public import protocol PeriluneItems.ItemCatalogue
@_exported public import struct PeriluneItems.ItemDescription
@_exported public import enum PeriluneItems.OptionValue
@_exported public import enum PeriluneLoggers.LoggerCatalogue
@_exported public import enum PeriluneNN.ActivationCatalogue
@_exported public import enum PeriluneNN.ConstraintCatalogue
@_exported public import enum PeriluneNN.InitializerCatalogue
@_exported public import enum PeriluneNN.LayerCatalogue
@_exported public import enum PeriluneNN.LossCatalogue
@_exported public import enum PeriluneNN.MetricCatalogue
@_exported public import enum PeriluneNN.RegularizerCatalogue
@_exported public import enum PeriluneTrain.CallbackCatalogue
@_exported public import enum PeriluneTrain.OptimizerCatalogue
@_exported public import enum PeriluneTrain.ScheduleCatalogue
