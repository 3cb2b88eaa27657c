import Glibc

exit(BenchCommand.start(Array(CommandLine.arguments.dropFirst())))
