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

    @Test func aCircleIsRefusedWhateverCameFirst() {
        var tree = MessageTree()
        let taken = [(2, 3), (4, 2), (3, 4), (3, 1), (1, nil)].map { tree.insert($0.0, after: $0.1) }
        #expect(taken == [true, true, false, true, true])
        #expect(tree.path(to: 4) == [1, 3, 2, 4])
    }

    /// The square of the length would be ten thousand million steps here.
    @Test(.timeLimit(.minutes(1))) func longConversationsAreReadInLinearTime() {
        var deep = MessageTree()
        var wide = MessageTree()
        for id in 1...100_000 {
            deep.insert(id, after: id == 1 ? nil : id - 1)
            wide.insert(id, after: nil)
        }
        #expect(deep.path(to: 100_000).count == 100_000)
        #expect(wide.children(of: nil).count == 100_000)
    }
}
