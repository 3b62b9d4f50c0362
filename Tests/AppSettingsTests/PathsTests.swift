import AppSettings
import Testing

@Suite struct PathsTests {
    @Test func standardFolders() {
        let paths = AppPaths(environment: ["HOME": "/home/me"], executablePath: "/opt/t/bin/tickertape")
        #expect(paths.configFile == "/home/me/.config/tickertape/config.toml")
        #expect(paths.themeFolder == "/home/me/.config/tickertape/themes")
        #expect(paths.dataFolder == "/home/me/.local/share/tickertape")
        #expect(paths.stateFolder == "/home/me/.local/state/tickertape")
        #expect(paths.cacheFolder == "/home/me/.cache/tickertape")
        #expect(paths.systemThemeFolders == ["/usr/local/share/tickertape/themes", "/usr/share/tickertape/themes"])
        #expect(paths.installedThemeFolder == "/opt/t/share/tickertape/themes")
        #expect(paths.packageThemeFolder == nil)
    }

    @Test func variablesWinWhenAbsolute() {
        let paths = AppPaths(
            environment: [
                "HOME": "/home/me", "XDG_CONFIG_HOME": "/c/", "XDG_STATE_HOME": "relative", "XDG_DATA_HOME": "",
                "XDG_DATA_DIRS": "/a:relative::/b/",
            ], executablePath: "")
        #expect(paths.configFile == "/c/tickertape/config.toml")
        #expect(paths.stateFolder == "/home/me/.local/state/tickertape")
        #expect(paths.dataFolder == "/home/me/.local/share/tickertape")
        #expect(paths.systemThemeFolders == ["/a/tickertape/themes", "/b/tickertape/themes"])
        #expect(paths.installedThemeFolder == nil)
    }

    @Test func withoutHomeTheUserDatabaseTells() {
        for environment in [[:], ["HOME": ""], ["HOME": "relative"]] {
            let paths = AppPaths(environment: environment, executablePath: "tickertape")
            #expect(paths.home?.hasPrefix("/") ?? true)
            #expect(paths.home != "relative")
            #expect(paths.installedThemeFolder == nil)
            #expect(paths.packageThemeFolder == nil)
        }
    }

    @Test(arguments: [
        ("/src/tickertape/.build/debug/tickertape", "/src/tickertape/Themes"),
        ("/src/.build/x/t/.build-release/x86/release/tickertape", "/src/.build/x/t/Themes"),
        ("/usr/bin/tickertape", nil), ("", nil), (".build/debug/tickertape", nil),
    ])
    func packageFolder(executable: String, folder: String?) {
        #expect(AppPaths(environment: [:], executablePath: executable).packageThemeFolder == folder)
    }
}
