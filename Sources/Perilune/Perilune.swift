@_exported public import PeriluneData
@_exported public import PeriluneGraph
@_exported public import PeriluneItems
@_exported public import PeriluneLoggers
@_exported public import PeriluneLua
@_exported public import PeriluneNN
@_exported public import PeriluneRuntime
@_exported public import PeriluneTrain
