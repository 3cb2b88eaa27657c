// Models, and what their layers compute with: values with a shape and an element type.
@_exported public import enum PeriluneGraph.DType
@_exported public import struct PeriluneGraph.Shape
@_exported public import struct PeriluneGraph.SymbolicTensor
@_exported public import struct PeriluneGraph.Tensor
@_exported public import struct PeriluneGraph.TensorSpec
@_exported public import typealias PeriluneNN.Input
@_exported public import class PeriluneNN.Model
@_exported public import struct PeriluneNN.ModelOutline
@_exported public import class PeriluneNN.ModelTensor
@_exported public import struct PeriluneNN.Prediction
@_exported public import class PeriluneNN.Sequential
@_exported public import enum PeriluneNN.SequentialBuilder
@_exported public import struct PeriluneNN.SequentialPart
