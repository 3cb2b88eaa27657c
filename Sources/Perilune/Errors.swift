// What is thrown.
@_exported public import struct PeriluneData.DataError
@_exported public import struct PeriluneGraph.GraphError
@_exported public import enum PeriluneItems.ItemError
@_exported public import struct PeriluneLuaRuntime.LuaError
@_exported public import struct PeriluneNN.ModelError
@_exported public import struct PerilunePrompt.AttachError
@_exported public import struct PeriluneRuntime.RuntimeError
@_exported public import struct PeriluneTrain.CheckpointError
@_exported public import struct PeriluneTrain.DirectiveError
@_exported public import struct PeriluneTrain.TrainingError
