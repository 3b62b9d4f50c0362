/// Where secrets lie that no tool may read. Data only.
enum Secrets {
    /// Below a home folder. Most of a home folder is not there in the sandbox; this is for the parts that come back.
    static let inHome = [
        // Keys and passwords.
        ".ssh", ".gnupg", ".password-store", ".netrc", ".authinfo", ".authinfo.gpg", ".pki", ".vault-token", ".pgpass",
        ".my.cnf", ".local/share/keyrings", ".local/share/kwalletd", ".config/op", ".config/keybase",
        // Clouds and services.
        ".aws", ".azure", ".config/gcloud", ".kube", ".docker", ".config/gh", ".config/hub", ".config/glab-cli",
        ".config/doctl", ".config/rclone", ".oci", ".fly", ".terraform.d", ".s3cfg", ".boto", ".foundry/keystores",
        ".config/containers", ".huggingface", ".cache/huggingface/token",
        // Repositories and package registries.
        ".git-credentials", ".config/git/credentials", ".npmrc", ".yarnrc.yml", ".pypirc", ".cargo/credentials",
        ".cargo/credentials.toml", ".gem/credentials", ".m2/settings.xml", ".m2/settings-security.xml",
        ".gradle/gradle.properties", ".composer/auth.json", ".config/composer/auth.json", ".config/pip/pip.conf",
        ".nuget",
        // Browsers and mail.
        ".mozilla", ".thunderbird", ".config/google-chrome", ".config/chromium", ".config/BraveSoftware",
        ".config/microsoft-edge", ".config/opera", ".config/vivaldi", ".cache/mozilla", ".var/app",
        // What was typed.
        ".bash_history", ".zsh_history", ".python_history", ".psql_history", ".local/share/fish",
    ]

    /// Of the system. Only root can read them; that is what programs in containers often are.
    static let ofSystem =
        [
            "/etc/shadow", "/etc/shadow-", "/etc/gshadow", "/etc/gshadow-", "/etc/ssl/private", "/etc/sudoers",
            "/etc/sudoers.d", "/etc/krb5.keytab", "/etc/wireguard", "/etc/openvpn",
            "/etc/NetworkManager/system-connections", "/var/backups", "/var/lib/docker", "/var/lib/sss",
            "/var/spool/cron",
        ] + hostKeys

    private static let hostKeys = ["rsa", "ecdsa", "ed25519"].map { "/etc/ssh/ssh_host_\($0)_key" }

    /// Whether a file of the working folder, or of one that holds it, is one whose purpose is to hold secrets.
    static func isInProject(_ name: String) -> Bool {
        name.utf8.starts(with: ".env".utf8) || [".netrc", ".npmrc", ".pypirc", ".git-credentials"].contains(name)
    }

    /// Whether the text of a `.git/config` holds a password or a token.
    static func isInGitConfig(_ text: String) -> Bool {
        let lower = text.lowercased()
        if ["extraheader", "password", "token"].contains(where: lower.contains) { return true }
        return lower.split(whereSeparator: \.isWhitespace).contains { word in
            guard let range = word.firstRange(of: "://") else { return false }
            let authority = word[range.upperBound...].prefix { $0 != "/" }
            guard let end = authority.lastIndex(of: "@") else { return false }
            return authority[..<end].contains(":")
        }
    }
}
