import Foundation
import ProviderCore
import Testing

/// Headers of pictures, made by hand.
enum Pictures {
    static func url(_ bytes: [UInt8], type: String = "image/png") -> String {
        "data:\(type);base64," + Data(bytes).base64EncodedString()
    }

    static func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] { big(value, count).reversed() }

    static func png(_ width: Int, _ height: Int) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + big(13, 4) + Array("IHDR".utf8) + big(width, 4)
            + big(height, 4) + [8, 6, 0, 0, 0]
    }

    static func gif(_ width: Int, _ height: Int, version: String = "GIF89a") -> [UInt8] {
        Array(version.utf8) + little(width, 2) + little(height, 2) + [0xF7, 0, 0]
    }

    static func webP(_ chunk: String, _ data: [UInt8]) -> [UInt8] {
        Array("RIFF".utf8) + little(data.count + 12, 4) + Array("WEBP".utf8) + Array(chunk.utf8) + little(data.count, 4)
            + data
    }

    static func lossy(_ width: Int, _ height: Int) -> [UInt8] {
        webP("VP8 ", [0x30, 0x01, 0x00, 0x9D, 0x01, 0x2A] + little(width, 2) + little(height, 2))
    }

    static func lossless(_ width: Int, _ height: Int) -> [UInt8] {
        webP("VP8L", [0x2F] + little((width - 1) | (height - 1) << 14, 4))
    }

    static func extended(_ width: Int, _ height: Int) -> [UInt8] {
        webP("VP8X", [0x10, 0, 0, 0] + little(width - 1, 3) + little(height - 1, 3))
    }

    static func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] { [0xFF, marker] + big(data.count + 2, 2) + data }

    static func frame(_ marker: UInt8, _ width: Int, _ height: Int) -> [UInt8] {
        segment(marker, [8] + big(height, 2) + big(width, 2) + [3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1])
    }

    static func jpeg(_ segments: [UInt8]) -> [UInt8] { [0xFF, 0xD8] + segments }
}

@Suite struct ImageSizeTests {
    private static let exif = Pictures.segment(0xE1, Array(repeating: 0xFF, count: 60_000))
    private static let tables = Pictures.segment(0xC4, [0xC0, 0, 11, 8, 0, 1, 0, 1]) + [0xFF, 0xFF, 0xFF]

    @Test(arguments: [
        (Pictures.png(640, 480), 640, 480), (Pictures.png(1, 2_147_483_647), 1, 2_147_483_647),
        (Pictures.png(4_294_967_295, 1), 4_294_967_295, 1), (Pictures.gif(320, 200), 320, 200),
        (Pictures.gif(65_535, 1, version: "GIF87a"), 65_535, 1), (Pictures.lossy(800, 600), 800, 600),
        (Pictures.lossy(0xC000 | 16_383, 0x4000 | 1), 16_383, 1), (Pictures.lossless(1920, 1080), 1920, 1080),
        (Pictures.lossless(16_384, 16_384), 16_384, 16_384), (Pictures.lossless(1, 1), 1, 1),
        (Pictures.extended(16_777_216, 1), 16_777_216, 1), (Pictures.extended(3, 5), 3, 5),
        (Pictures.jpeg(Pictures.frame(0xC0, 1800, 2400)), 1800, 2400),
        (Pictures.jpeg(exif + exif + tables + Pictures.frame(0xC2, 7, 9)), 7, 9),
        (Pictures.jpeg([0xFF, 0x01, 0xFF, 0xD0] + Pictures.frame(0xCF, 65_535, 65_535)), 65_535, 65_535),
    ])
    func headers(bytes: [UInt8], width: Int, height: Int) {
        let expected = ImageSize(width: width, height: height)
        #expect(expected != nil)
        #expect(ImageSize(dataURL: Pictures.url(bytes)) == expected)
        let misnamed = Pictures.url(bytes + Array(repeating: 0x55, count: 1000), type: "text/plain;charset=x")
        #expect(ImageSize(dataURL: misnamed) == expected, "the media type is not trusted")
        #expect(ImageSize(dataURL: "DATA:" + Pictures.url(bytes).dropFirst(5)) == expected)
    }

    private static let broken: [[UInt8]] = [
        [], [0x89], Pictures.png(0, 1), Pictures.png(1, 0), Pictures.gif(0, 9), Pictures.gif(9, 0),
        Pictures.gif(9, 9, version: "GIF88a"), Pictures.lossy(0, 9), Pictures.lossy(0x4000, 9),
        Pictures.webP("ALPH", [0]),
        Pictures.webP("VP8L", [0x2E, 0, 0, 0, 0]), Pictures.webP("VP8 ", [0, 0, 0, 1, 2, 3, 9, 0, 9, 0]),
        Pictures.jpeg(Pictures.frame(0xC0, 0, 9)), Pictures.jpeg(Pictures.frame(0xC0, 9, 0)),
        Pictures.jpeg(Pictures.segment(0xDA, [1]) + Pictures.frame(0xC0, 9, 9)), Pictures.jpeg([0xFF, 0xD9]),
        Pictures.jpeg([0xFF, 0xE0, 0, 0] + Pictures.frame(0xC0, 9, 9)),
        Pictures.jpeg([0xFF, 0xE0, 0, 1] + Pictures.frame(0xC0, 9, 9)), Pictures.jpeg([0xFF, 0x00]),
        Pictures.jpeg([0x00] + Pictures.frame(0xC0, 9, 9)), Pictures.jpeg(Array(repeating: 0xFF, count: 5000)),
        Pictures.jpeg(Array(repeating: [0xFF, 0x01], count: 5000).flatMap(\.self)),
        Pictures.jpeg(Pictures.segment(0xE0, [1]) + [0xFF, 0xD8]), Array("%PDF-1.7".utf8),
        Array("<svg width='9'/>".utf8),
        Array("BM".utf8) + Array(repeating: 9, count: 60),
    ]

    @Test(arguments: broken) func brokenHeaders(bytes: [UInt8]) {
        #expect(ImageSize(dataURL: Pictures.url(bytes)) == nil)
    }

    /// Cut anywhere before the size is whole, there is none, and nothing traps.
    @Test(arguments: [
        (Pictures.png(3, 4), 24), (Pictures.gif(3, 4), 10), (Pictures.lossy(3, 4), 30), (Pictures.lossless(3, 4), 25),
        (Pictures.extended(3, 4), 30),
        (Pictures.jpeg(Pictures.segment(0xE0, [1, 2]) + Pictures.frame(0xC1, 3, 4)), 17),
    ])
    func cut(bytes: [UInt8], needed: Int) {
        for count in 0...bytes.count {
            let found = ImageSize(dataURL: Pictures.url(Array(bytes.prefix(count))))
            #expect((found != nil) == (count >= needed), "\(count)")
        }
    }

    @Test(arguments: [
        "", "data:", "data:,", "data:image/png;base64", "data:image/png,iVBORw0KGgo", "https://example.test/a.png",
        "data:image/png;base64,", "data:image/png;base64,!!!!", "data:;base64,iVBORw0KGgo=", "\u{0}", "data:;base64,é",
        "data:image/png;base64 ,iVBORw0KGgoAAAANSUhEUgAAAoAAAAHgCAYAAAA=",
        "data:" + String(repeating: "x", count: 300) + ";base64,iVBORw0KGgoAAAANSUhEUgAAAoAAAAHgCAYAAAA=",
    ])
    func otherURLs(url: String) {
        #expect(ImageSize(dataURL: url) == nil)
    }

    @Test func bothAlphabetsAndNoPadding() {
        let size = ImageSize(width: 640, height: 480)
        #expect(ImageSize(dataURL: "data:;base64,iVBORw0KGgoAAAANSUhEUgAAAoAAAAHgCAYAAAA") == size)
        let url = Pictures.url(Pictures.png(0xFBEFBE, 0xFFFFFF))
        #expect(url.contains("/") || url.contains("+"))
        let other = url.replacingOccurrences(of: "+", with: "-").split(separator: ",")
        let safe = other[0] + "," + other[1].replacingOccurrences(of: "/", with: "_")
        #expect(ImageSize(dataURL: String(safe)) == ImageSize(width: 0xFBEFBE, height: 0xFFFFFF))
    }

    /// Random bytes behind each beginning: any answer but a trap.
    @Test func anyBytes() {
        var state: UInt64 = 0x1A6E
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let beginnings: [[UInt8]] = [
            [], Array(Pictures.png(1, 1).prefix(16)), Array("GIF89a".utf8), Array(Pictures.lossy(1, 1).prefix(20)),
            Array(Pictures.extended(1, 1).prefix(20)), [0xFF, 0xD8, 0xFF],
        ]
        for round in 0..<3000 {
            let bytes = beginnings[round % beginnings.count] + (0..<Int(next() % 60)).map { _ in UInt8(next() & 0xFF) }
            if let size = ImageSize(dataURL: Pictures.url(bytes)) {
                #expect(ImageTokens(size: size, detail: "high", model: "gpt-4o")?.tokens ?? 0 > 0)
                #expect(ImageTokens(size: size, detail: "original", model: "gpt-5.4")?.tokens ?? 0 > 0)
            }
        }
    }
}
