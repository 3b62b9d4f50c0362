import Conversations
import Testing

@Suite struct MessageTreeTests {
    @Test func aPathGrowsAndABranchLeavesIt() {
        var tree = MessageTree()
        let question = tree.add(after: nil)
        let answer = tree.add(after: question)
        let other = tree.add(after: question)
        #expect(tree.path == [question, other])
        #expect(tree.siblings(of: other).all == [answer, other])
        tree.select(tree.leaf(under: answer))
        #expect(tree.path == [question, answer])
        #expect(tree.leaf(under: question) == answer)
    }

    @Test func circlesAndDoublesAreRefused() {
        var tree = MessageTree()
        let taken = [(1, nil), (2, 1), (2, nil), (0, nil), (3, 3)].map { tree.insert($0.0, after: $0.1) }
        #expect(taken == [true, true, false, false, false])
        #expect(tree.count == 2)
    }
}
