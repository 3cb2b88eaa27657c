import Glibc

exit(PeriluneCommand.start(Array(CommandLine.arguments.dropFirst())))
