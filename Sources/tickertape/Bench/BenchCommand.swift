import ArgumentParser

/// Benchmark suites.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Run benchmark suites: how often right, how fast, how dear.",
        discussion: """
            A suite is one YAML file. check reads it, plan says what it would cost, run runs it, resume goes on after \
            whatever stopped it and pays for nothing twice, watch shows a run while another process runs it, report tells \
            what came of it.

            Exit codes of run and resume: 0 all gates passed, 2 a gate failed, 3 incomplete and can be resumed, 5 \
            inconclusive, 65 wrong suite or a task of which nothing could be scored, 69 endpoint unusable, 74 storage, 75 quota, 77 key refused, 78 settings.
            """,
        subcommands: [
            BenchCheckCommand.self, BenchPlanCommand.self, BenchRunCommand.self, BenchResumeCommand.self,
            BenchWatchCommand.self, BenchReportCommand.self, BenchCompareCommand.self, BenchScoreCommand.self,
            BenchExportCommand.self, BenchImportCommand.self, BenchListCommand.self,
        ])
}
