import AppSettings
import Foundation
import ProviderCore
import Testing

@Suite struct KeyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func key(_ line: String, _ environment: [String: String] = [:]) throws -> String? {
        let text = "[profiles.p]\nbase_url = 'https://x.example/v1'\n\(line)"
        let settings = try Settings.parse(text).settings
        let found = try EndpointResolver(
            environment: ["HOME": folder.path].merging(environment) { $1 }, settings: settings
        )
        .resolve(baseURL: nil, profile: "p", demo: false)
        guard case .endpoint(let endpoint) = found else { return nil }
        return endpoint.key?.exposed()
    }

    private func failure(_ line: String) -> String {
        let error = #expect(throws: EndpointError.self) { try key(line) }
        return error?.description ?? ""
    }

    @Test func files() throws {
        let good = try folder.write("good", "  sk-from-file\n", mode: 0o600)
        #expect(try key("key_file = '\(good)'") == "sk-from-file")
        #expect(try key("key_file = '~/good'") == "sk-from-file")
        let open = try folder.write("open", "sk-x", mode: 0o640)
        #expect(failure("key_file = '\(open)'").contains("can be read by others; run: chmod 600"))
        try folder.write("two", "sk-1\nsk-2\n", mode: 0o600)
        #expect(failure("key_file = '~/two'").contains("holds no key of one line"))
        try folder.write("none", "\n", mode: 0o600)
        #expect(failure("key_file = '~/none'").contains("holds no key"))
        #expect(failure("key_file = '~/missing'").contains("there is no such file"))
        #expect(failure("key_file = 'relative'").contains("absolute path"))
        #expect(failure("key_file = '/dev/zero'").contains("is not a regular file"))
        #expect(!failure("key_file = '~/two'").contains("sk-1"))
    }

    @Test func commands() throws {
        let environment = ["PATH": "/usr/bin:/bin", "OPENAI_API_KEY": "sk-env", "OTHER": "kept"]
        #expect(try key("key_command = ['printf', 'sk-%s', 'one two']") == "sk-one two")
        #expect(try key("key_command = \"printf %s 'sk-$(id);x'\"") == "sk-$(id);x")
        // A child gets the environment, but not the key in it; and nothing to read.
        #expect(
            try key("key_command = ['sh', '-c', 'echo ${OPENAI_API_KEY-none}-$OTHER; cat']", environment) == "none-kept"
        )
        #expect(
            failure("key_command = ['sh', '-c', 'echo sk-x; exit 3']").contains(
                "key_command sh: ended with exit code 3"))
        #expect(failure("key_command = ['sh', '-c', 'kill -9 $$']").contains("signal 9"))
        #expect(failure("key_command = ['no-such-program-here']").contains("No such file"))
        #expect(failure("key_command = ['true']").contains("holds no key"))
        #expect(failure("key_command = ['head', '-c', '70000', '/dev/zero']").contains("64 KiB"))
        #expect(!failure("key_command = ['sh', '-c', 'echo sk-secret; exit 1']").contains("secret"))
    }
}
