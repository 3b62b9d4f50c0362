import CCurl
import ProviderCore

/// Bytes libcurl reads from a socket at once. A paused transfer may have to hold what they unpack to, at most 1,032
/// times as much.
private let receiveBufferBytes = 16 << 10
/// Bytes libcurl takes from a large body at once: the least it allows, for the stream keeps the buffer.
private let sendBufferBytes = 16 << 10

/// Sets options of a handle and remembers whether one was refused.
private struct EasyOptions {
    let easy: UnsafeMutableRawPointer
    private(set) var refused: CURLoption?

    init(_ easy: UnsafeMutableRawPointer) {
        self.easy = easy
    }

    mutating func set(_ option: CURLoption, _ value: Int) {
        note(option, ccurl_set_long(easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: String) {
        note(option, ccurl_set_string(easy, option, value))
    }

    mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer) {
        note(option, ccurl_set_pointer(easy, option, value))
    }

    mutating func note(_ option: CURLoption, _ code: CURLcode) {
        if code != CURLE_OK, refused == nil { refused = option }
    }
}

extension Transfer {
    /// Sets the handle up for its request. Throws when libcurl refuses an option: nothing was sent.
    func configure() throws(TransportError) {
        var options = EasyOptions(easy)
        setCallbacks(&options)
        setConnection(&options)
        setTrust(&options)
        setMethod(&options)
        setHeaders(&options)
        // Not an error where libcurl was built without HTTP/2.
        _ = ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        ccurl_set_quick_exit(easy)
        if let option = options.refused {
            throw TransportError(.invalidRequest, "libcurl refuses option \(option.rawValue)")
        }
    }

    private func setCallbacks(_ options: inout EasyOptions) {
        // Unretained: the loop holds the transfer until the handle is removed.
        let context = Unmanaged.passUnretained(self).toOpaque()
        options.set(CURLOPT_PRIVATE, context)
        options.set(CURLOPT_WRITEDATA, context)
        options.set(CURLOPT_HEADERDATA, context)
        options.set(CURLOPT_READDATA, context)
        options.set(CURLOPT_PREREQDATA, context)
        options.note(CURLOPT_WRITEFUNCTION, ccurl_set_write(easy, CURLOPT_WRITEFUNCTION, onBody))
        options.note(CURLOPT_HEADERFUNCTION, ccurl_set_write(easy, CURLOPT_HEADERFUNCTION, onHeader))
        options.note(CURLOPT_READFUNCTION, ccurl_set_read(easy, onUpload))
        options.note(CURLOPT_PREREQFUNCTION, ccurl_set_before_request(easy, onRequest))
        options.set(CURLOPT_OPENSOCKETDATA, context)
        options.note(CURLOPT_OPENSOCKETFUNCTION, ccurl_set_open_socket(easy, onSocket))
        options.note(CURLOPT_ERRORBUFFER, ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, detail))
    }

    private func setConnection(_ options: inout EasyOptions) {
        options.set(CURLOPT_URL, prepared.request.url)
        options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        options.set(CURLOPT_NOSIGNAL, 1)
        options.set(CURLOPT_FOLLOWLOCATION, 0)
        options.set(CURLOPT_BUFFERSIZE, receiveBufferBytes)
        options.set(CURLOPT_UPLOAD_BUFFERSIZE, sendBufferBytes)
        options.set(CURLOPT_TCP_KEEPALIVE, 1)
        options.set(CURLOPT_CONNECTTIMEOUT_MS, connectMilliseconds)
        // The empty string also keeps libcurl from looking into the environment itself.
        options.set(CURLOPT_PROXY, prepared.proxy ?? "")
        options.set(CURLOPT_NOPROXY, prepared.environment.direct ?? "")
        options.set(CURLOPT_HEADEROPT, Int(CURLHEADER_SEPARATE))
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if prepared.decodes { options.set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate") }
    }

    /// libcurl takes 0 for its own default of 300 s, so "none" is the largest value it takes everywhere.
    private var connectMilliseconds: Int {
        guard let limit = prepared.request.timeouts.connect else { return Int(Int32.max) }
        let (seconds, attoseconds) = limit.components
        guard seconds < 2_000_000 else { return Int(Int32.max) }
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }

    private func setTrust(_ options: inout EasyOptions) {
        options.set(CURLOPT_SSL_VERIFYPEER, 1)
        options.set(CURLOPT_SSL_VERIFYHOST, 2)
        options.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = prepared.environment.certificateFile {
            options.set(CURLOPT_CAINFO, file)
            options.set(CURLOPT_PROXY_CAINFO, file)
        }
        if let folder = prepared.environment.certificateFolder {
            options.set(CURLOPT_CAPATH, folder)
            options.set(CURLOPT_PROXY_CAPATH, folder)
        } else if prepared.environment.certificateFile != nil || ccurl_has_certificate_file() {
            // libcurl parses the file once for all connections, but only if no folder is named beside it: else 1,000
            // connections would mean 1,000 copies of all the certificates of the system.
            options.note(CURLOPT_CAPATH, ccurl_set_string(easy, CURLOPT_CAPATH, nil))
            options.note(CURLOPT_PROXY_CAPATH, ccurl_set_string(easy, CURLOPT_PROXY_CAPATH, nil))
        }
    }

    private func setMethod(_ options: inout EasyOptions) {
        let method = prepared.request.method
        let hasBody = prepared.request.body != nil
        if !["GET", "HEAD", "POST"].contains(method) || (method == "GET" && hasBody) {
            options.set(CURLOPT_CUSTOMREQUEST, method)
        }
        if method == "HEAD" {
            options.set(CURLOPT_NOBODY, 1)
        } else if method == "POST" || hasBody {
            setBody(&options)
        } else {
            options.set(CURLOPT_HTTPGET, 1)
        }
    }

    private func setBody(_ options: inout EasyOptions) {
        let body = prepared.request.body ?? []
        options.set(CURLOPT_POST, 1)
        options.note(
            CURLOPT_POSTFIELDSIZE_LARGE, ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)))
        // A small body leaves together with the headers, and needs no buffer for as long as the answer lasts.
        guard body.count <= sendBufferBytes else { return }
        // Not nil, which would mean no body.
        body.isEmpty ? options.set(CURLOPT_COPYPOSTFIELDS, "") : setCopy(of: body, &options)
        prepared.request.body = nil
    }

    private func setCopy(of body: [UInt8], _ options: inout EasyOptions) {
        body.withUnsafeBytes {
            options.note(CURLOPT_COPYPOSTFIELDS, ccurl_set_bytes(easy, CURLOPT_COPYPOSTFIELDS, $0.baseAddress))
        }
    }

    private func setHeaders(_ options: inout EasyOptions) {
        var lines: [String] = []
        for header in prepared.request.headers {
            lines.append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        let named = Set(prepared.request.headers.map { $0.name.lowercased() })
        // A name without a value keeps libcurl from adding its own.
        for own in ["Accept", "Content-Type", "Expect", "User-Agent"] where !named.contains(own.lowercased()) {
            lines.append("\(own):")
        }
        for line in lines {
            guard let longer = curl_slist_append(headerList, line) else {
                return options.note(CURLOPT_HTTPHEADER, CURLE_OUT_OF_MEMORY)
            }
            headerList = longer
        }
        options.note(CURLOPT_HTTPHEADER, ccurl_set_list(easy, CURLOPT_HTTPHEADER, headerList))
    }
}

// MARK: C callbacks

private func onBody(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let data, let context else { return 0 }
    let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
    return Transfer.from(context).takeBody(bytes)
}

private func onHeader(
    _ data: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let data, let context else { return 0 }
    let line = UnsafeRawBufferPointer(start: data, count: size * count)
    return Transfer.from(context).takeHeader(line) ? line.count : 0
}

private func onUpload(
    _ room: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let room, let context else { return Int(CURL_READFUNC_ABORT) }
    return Transfer.from(context).giveBody(UnsafeMutableRawBufferPointer(start: room, count: size * count))
}

private func onSocket(
    _ context: UnsafeMutableRawPointer?, _: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let context, let address else { return -1 }
    return Transfer.from(context).openSocket(address)
}

private func onRequest(
    _ context: UnsafeMutableRawPointer?, _: UnsafeMutablePointer<CChar>?, _: UnsafeMutablePointer<CChar>?, _: Int32,
    _: Int32
) -> Int32 {
    guard let context else { return CURL_PREREQFUNC_ABORT }
    return Transfer.from(context).requestLeaves() ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
