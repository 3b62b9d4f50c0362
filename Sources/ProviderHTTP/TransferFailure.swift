import CCurl
import ProviderCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension Transfer {
    /// How the exchange ended, from libcurl's verdict and what the callbacks saw.
    func ending(for result: CURLcode) -> Exchange.Ending {
        if let failure { return .failed(failure) }
        guard result == CURLE_OK else { return .failed(error(for: result)) }
        guard hasHead else {
            return .failed(failed(.lost, "\(prepared.target) closed the connection within the answer's headers"))
        }
        return .finished
    }

    private func error(for code: CURLcode) -> TransportError {
        if !wasSent, lacksDescriptors { return .noDescriptor }
        if let error = preparationError(code) ?? formatError(code) { return error }
        if let answer = refusalOfProxy { return failed(.proxy, "the proxy answered \(answer)") }
        guard wasSent else { return failed(.connect, "no connection to \(prepared.target): \(words(for: code))") }
        if code == CURLE_GOT_NOTHING {
            return failed(.lost, "\(prepared.target) closed the connection without an answer")
        }
        return failed(.lost, "connection to \(prepared.target) lost after \(received) bytes: \(words(for: code))")
    }

    /// Errors of the way to the server.
    private func preparationError(_ code: CURLcode) -> TransportError? {
        switch code {
        case CURLE_URL_MALFORMAT: failed(.invalidRequest, "the URL cannot be used: \(words(for: code))")
        case CURLE_COULDNT_RESOLVE_HOST: failed(.nameLookup, "host \(prepared.host) not found")
        case CURLE_COULDNT_RESOLVE_PROXY: failed(.proxy, "the proxy's host was not found")
        case CURLE_PROXY: failed(.proxy, "the proxy refused: \(words(for: code))")
        case CURLE_COULDNT_CONNECT: connectError
        case CURLE_OPERATION_TIMEDOUT:
            timeoutError(.connect)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            failed(.tls, certificateProblem(words(for: code)))
        case CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE:
            failed(.tls, "the trusted certificates cannot be read: \(words(for: code))")
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED,
            CURLE_USE_SSL_FAILED:
            failed(.tls, handshakeProblem(words(for: code)))
        default: nil
        }
    }

    /// What is wrong with a certificate. Other libraries than OpenSSL have other words, which are then told as they are.
    private func certificateProblem(_ said: String) -> String {
        let host = prepared.host
        if said.contains("has expired") { return "the certificate of \(host) has expired" }
        if said.contains("not yet valid") {
            return "the certificate of \(host) is not valid yet; is the clock of this machine right?"
        }
        if ["self-signed", "self signed", "issuer certificate"].contains(where: said.contains) {
            return
                "the certificate of \(host) is signed by nobody whom this machine trusts; if that is as it should be, "
                + "name the authority's file in SSL_CERT_FILE"
        }
        if said.contains("subject name") || said.contains("does not match") {
            return "the certificate is for another host than \(host)"
        }
        return "certificate of \(host) not trusted: \(said)"
    }

    private func handshakeProblem(_ said: String) -> String {
        let target = prepared.target
        if ["protocol version", "unsupported protocol"].contains(where: said.contains) {
            return "\(target) offers no version of TLS later than 1.1, and older ones are not safe"
        }
        if ["wrong version number", "packet length too long", "http request"].contains(where: said.contains) {
            return "\(target) does not speak TLS; should its URL begin with http://?"
        }
        return "no TLS connection to \(target): \(said)"
    }

    /// Errors of what the server sent.
    private func formatError(_ code: CURLcode) -> TransportError? {
        let said = words(for: code)
        switch code {
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            return failed(.malformed, "\(prepared.target) does not answer in HTTP: \(said)")
        case CURLE_BAD_CONTENT_ENCODING:
            return failed(.malformed, "the body's compression is broken or unknown: \(said)")
        case CURLE_RECV_ERROR where said.contains("chunked-encoding"):
            return failed(.malformed, "the body's chunks are broken: \(said)")
        case CURLE_OUT_OF_MEMORY where wasSent && !hasHead, tooLarge where !hasHead:
            return failed(.tooLarge, "a header line of the answer is too long")
        default: return nil
        }
    }

    private var connectError: TransportError {
        // libcurl names whom it tried to reach: with a proxy that is the proxy, except for hosts reached directly.
        let isProxy = prepared.proxy != nil && !words(for: CURLE_COULDNT_CONNECT).contains(prepared.host)
        let whom = isProxy ? "the proxy" : prepared.target
        let kind: TransportError.Kind = isProxy ? .proxy : .connect
        let number = Int32(truncatingIfNeeded: ccurl_get_long(easy, CURLINFO_OS_ERRNO))
        if number == ECONNREFUSED { return failed(kind, "connection refused by \(whom)") }
        if number == ENETUNREACH || number == EHOSTUNREACH { return failed(kind, "\(whom) cannot be reached") }
        return failed(kind, "no connection to \(whom): \(words(for: CURLE_COULDNT_CONNECT))")
    }

    /// Whether the failure comes from this process having too many files open. Where libcurl does not tell the cause,
    /// the next file is tried.
    private var lacksDescriptors: Bool {
        socketError == EMFILE || socketError == ENFILE || ccurl_lacks_descriptors()
    }

    /// The status with which a proxy refused to connect; nil = it did not.
    private var refusalOfProxy: Int? {
        let status = ccurl_get_long(easy, CURLINFO_HTTP_CONNECTCODE)
        return status == 0 || 200..<300 ~= status || wasSent ? nil : status
    }

    private func failed(_ kind: TransportError.Kind, _ message: String) -> TransportError {
        TransportError(kind, message, progress: progress)
    }

    /// libcurl's words on one line.
    private func words(for code: CURLcode) -> String {
        let own = String(cString: detail)
        let text = own.isEmpty ? String(cString: curl_easy_strerror(code)) : own
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : $0 }))
    }
}

extension TransportError {
    /// The process may open no further file or connection.
    static var noDescriptor: TransportError {
        let limit = ccurl_open_files_limit()
        return TransportError(
            .connect,
            "too many open files and connections: this process may have \(limit) (see ulimit -n); raise that limit or "
                + "send fewer requests at once")
    }
}

/// CURLE_TOO_LARGE of libcurl 8.6 and later, which the headers of older ones lack.
private let tooLarge = CURLcode(rawValue: 100)
