import Sockets
import Testing

struct ReadableSetTests {
  @Test func saysWhichCanBeRead() throws {
    let wakers = [try Waker(), try Waker(), try Waker()]
    var set = ReadableSet(count: wakers.count)
    for (index, waker) in wakers.enumerated() { set.set(index, waker.descriptor) }
    let ready = { (set: borrowing ReadableSet) in (0..<3).map { set.isReady($0) } }
    try set.wait(milliseconds: 0)
    #expect(ready(set) == [false, false, false])
    wakers[0].wake()
    wakers[2].wake()
    try set.wait(milliseconds: nil)
    #expect(ready(set) == [true, false, true])
    wakers[0].clear()
    try set.wait(milliseconds: nil)
    #expect(ready(set) == [false, false, true])
    wakers[2].clear()
    try set.wait(milliseconds: 1)
    #expect(ready(set) == [false, false, false])
  }
}
