// Prompts: in a Lua state, within a run that stands still, and attached to a run of another process.
@_exported public import protocol PerilunePrompt.AttachBreaker
@_exported public import class PerilunePrompt.AttachClient
@_exported public import enum PerilunePrompt.AttachFolder
@_exported public import class PerilunePrompt.AttachServer
@_exported public import struct PerilunePrompt.AttachStatus
@_exported public import class PerilunePrompt.LivePrompt
@_exported public import class PerilunePrompt.Prompt
@_exported public import struct PerilunePrompt.PromptCommand
@_exported public import struct PerilunePrompt.PromptCompletions
@_exported public import enum PerilunePrompt.PromptOutcome
@_exported public import struct PerilunePrompt.PromptStyle
@_exported public import protocol PerilunePrompt.PromptTarget
