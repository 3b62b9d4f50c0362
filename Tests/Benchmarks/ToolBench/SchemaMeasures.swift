import FunctionTools
import ProviderCore

/// How long checking values against schemas takes.
enum SchemaMeasures {
    static func run() throws {
        let source = try JSONParser.parse(schema)
        let schema = try JSONSchema(source)
        let value = try JSONParser.parse(instance)
        guard schema.isValid(value) else { throw Failure.wrongAnswer }
        let sizes = (JSONWriter.bytes(source).count, JSONWriter.bytes(value).count)
        let check = Timing { schema.isValid(value) }
        print("schema 1 KB instance, 2 KB schema: \(check.median) us (goal 50)")
        print("schema best of \(check.rounds): \(check.best) us; \(sizes.1) bytes against \(sizes.0) bytes")
        let wrong = try JSONParser.parse(instance.replacing("\"EUR\"", with: "\"EURO\""))
        print("schema one violation, in words: \(Timing { !schema.violations(of: wrong).isEmpty }.median) us")
        print("schema compiling 2 KB: \(Timing { (try? JSONSchema(source)) != nil }.median) us")
        try patterns()
    }

    private static func patterns() throws {
        let letters = String(repeating: "a", count: 100_000)
        for (name, source, text) in [
            ("date", "^\\d{4}-\\d{2}-\\d{2}$", "2026-11-29"),
            ("mail", "^[\\w.+-]+@[\\w-]+(\\.[\\w-]+)+$", "someone.else+tag@mail.example.org"),
            ("(a+)+$ over 100,000 letters", "(a+)+$", letters + "!"),
        ] {
            let pattern = try BoundedPattern(source)
            let time = Timing(rounds: text.utf8.count > 1_000 ? 5 : 31) { pattern.matches(text) == (text.last != "!") }
            print("schema pattern \(name): \(time.median) us")
        }
    }

    enum Failure: Error {
        case wrongAnswer
    }

    /// Times of something done again and again, in microseconds for one time.
    private struct Timing {
        let rounds: Int
        let best: String
        let median: String

        /// Each round repeats `body`, which returns whether all is well, for about two milliseconds.
        init(rounds: Int = 31, _ body: () -> Bool) {
            let clock = ContinuousClock()
            var isRight = true
            let once = max(clock.measure { isRight = body() && isRight } / .microseconds(1), 0.01)
            let repeats = max(1, Int(2_000 / once))
            let times = (0..<rounds).map { _ in
                clock.measure { for _ in 0..<repeats { isRight = body() && isRight } } / .microseconds(1)
                    / Double(repeats)
            }.sorted()
            self.rounds = rounds
            best = Self.text(isRight ? times[0] : .nan)
            median = Self.text(isRight ? times[rounds / 2] : .nan)
        }

        private static func text(_ time: Double) -> String {
            time.isNaN ? "wrong answer" : String((time * 100).rounded() / 100)
        }
    }
}

extension SchemaMeasures {
    /// An order of a shop: the features that function schemas use.
    private static let schema = #"""
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "additionalProperties": false,
         "required": ["id", "customer", "items", "currency", "total", "status", "placed"],
         "properties": {
          "id": {"type": "string", "pattern": "^[A-Z]{2}-\\d{6}$",
           "description": "The number of the order: two letters and six digits, for example AB-123456."},
          "placed": {"type": "string", "format": "date-time", "minLength": 20, "maxLength": 35},
          "status": {"type": "string", "enum": ["new", "paid", "packed", "sent", "delivered", "returned"]},
          "currency": {"enum": ["EUR", "USD", "GBP", "CHF", "JPY"], "description": "The currency of all prices."},
          "total": {"type": "number", "minimum": 0, "multipleOf": 0.01},
          "note": {"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}]},
          "tags": {"type": "array", "uniqueItems": true, "maxItems": 10, "items": {"type": "string", "minLength": 1}},
          "customer": {"$ref": "#/$defs/person"},
          "recipient": {"oneOf": [{"$ref": "#/$defs/person"}, {"type": "null"}]},
          "items": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"$ref": "#/$defs/line"}}},
         "$defs": {
          "person": {"type": "object", "additionalProperties": false, "required": ["name", "address"],
           "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 80},
            "mail": {"type": "string", "pattern": "@", "description": "Where news of the order goes."},
            "age": {"type": ["integer", "null"], "minimum": 0, "maximum": 150},
            "address": {"type": "object", "required": ["street", "city", "code", "country"],
             "additionalProperties": false, "description": "A postal address, written as on the parcel.", "properties": {"street": {"type": "string"}, "city": {"type": "string"}, "code": {"type": "string"},
              "country": {"type": "string", "minLength": 2, "maxLength": 2,
               "description": "Two letters, ISO 3166."}}}}},
          "line": {"type": "object", "required": ["article", "count", "price"], "additionalProperties": false,
           "properties": {"article": {"type": "string", "minLength": 3}, "name": {"type": "string"},
            "count": {"type": "integer", "minimum": 1, "maximum": 1000},
            "price": {"type": "number", "exclusiveMinimum": 0},
            "options": {"type": "object", "additionalProperties": {"type": "string"}}}}}}
        """#

    private static let instance = #"""
        {"id": "AB-123456", "placed": "2026-11-29T07:15:00.000Z", "status": "paid", "currency": "EUR", "total": 217.35,
         "note": "Please ring twice; the dog is friendly.", "tags": ["gift", "express", "winter"],
         "customer": {"name": "Ada Lovelace", "mail": "ada@example.org", "age": 36,
          "address": {"street": "12 St James's Square", "city": "London", "code": "SW1Y 4JH", "country": "GB"}},
         "recipient": {"name": "Charles Babbage", "mail": "charles@example.org", "age": null,
          "address": {"street": "1 Dorset Street", "city": "London", "code": "W1U 4EG", "country": "GB"}},
         "items": [
          {"article": "LAMP-001", "name": "Desk lamp", "count": 2, "price": 39.90,
           "options": {"colour": "brass", "plug": "G", "wrapping": "paper with stars"}},
          {"article": "PAPER-A4", "name": "Paper, 500 sheets", "count": 10, "price": 4.55, "options": {}},
          {"article": "INK-BLUE", "name": "Ink, blue", "count": 3, "price": 7.35},
          {"article": "PEN-FINE", "name": "Fine pen", "count": 6, "price": 11.25, "options": {"nib": "0.3 mm"}},
          {"article": "BOOK-077", "name": "Notes on the Analytical Engine, second edition", "count": 1, "price": 2.50}]}
        """#
}
