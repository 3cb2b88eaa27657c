// Data sets: from files, arrays and generators.
@_exported public import struct PeriluneData.Batch
@_exported public import enum PeriluneData.CSVColumn
@_exported public import struct PeriluneData.CSVFormat
@_exported public import struct PeriluneData.CSVOptions
@_exported public import enum PeriluneData.ClassWeights
@_exported public import struct PeriluneData.DataField
@_exported public import struct PeriluneData.DataLayout
@_exported public import struct PeriluneData.Dataset
@_exported public import typealias PeriluneData.ExampleIterator
@_exported public import enum PeriluneData.FieldRule
@_exported public import struct PeriluneData.FieldRules
@_exported public import struct PeriluneData.GeneratedExamples
@_exported public import enum PeriluneData.GeneratorYield
@_exported public import struct PeriluneData.IndexRule
@_exported public import struct PeriluneData.MissingValues
@_exported public import struct PeriluneData.Normalization
@_exported public import struct PeriluneData.TableSchema
