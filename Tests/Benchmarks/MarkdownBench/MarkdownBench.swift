@main struct MarkdownBench { static func main() {} }
