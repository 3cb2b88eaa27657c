// What is kept of a run on disk, to go on from.
@_exported public import struct PeriluneTrain.Checkpoint
@_exported public import struct PeriluneTrain.CheckpointFolder
@_exported public import protocol PeriluneTrain.CheckpointSaver
@_exported public import class PeriluneTrain.ModelState
@_exported public import enum PeriluneTrain.SaveOccasion
@_exported public import enum PeriluneTrain.StateValue
