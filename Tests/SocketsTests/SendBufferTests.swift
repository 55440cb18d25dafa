import Memory
import Sockets
import Testing
import Wire

/// Datagrams that are sent in runs arrive one by one, whatever their sizes.
@Suite struct SendBufferTests {
  /// A receiver on a port of its own and a sender connected to it.
  private struct Pair: ~Copyable {
    let receiver: DatagramSocket
    let sender: ClientSocket
  }

  private func pair() throws -> Pair {
    for port in UInt16(33_000)..<33_400 {
      let address = SocketAddress(.v4(0x7F00_0001), port: port)
      guard let number = try? DatagramSocket.bind(address, count: 1)[0] else { continue }
      let sender = try ClientSocket.open(to: address, from: [.v4(0x7F00_0009)], count: 1)[0]
      return Pair(
        receiver: DatagramSocket(adopting: number, address: address), sender: ClientSocket(adopting: sender))
    }
    throw SystemError("bind", 98)
  }

  private func received(_ count: Int, on receiver: borrowing DatagramSocket) throws -> [[UInt8]] {
    let poller = try Poller()
    try poller.add(receiver.number, .read, token: 0)
    var batch = ReplyBatch(size: 512)
    var all: [[UInt8]] = []
    let deadline = Clock.monotonic() + 10_000_000_000
    while all.count < count, Clock.monotonic() < deadline {
      try poller.wait(nanoseconds: 100_000_000) { _ in }
      guard case .done(let new) = batch.receive(from: receiver.number) else { continue }
      for i in 0..<new { all.append([UInt8](copying: batch.octets(i), 0..<batch.octets(i).byteCount)) }
    }
    return all
  }

  @Test(arguments: [true, false]) func runsArriveAsDatagrams(_ segmenting: Bool) throws {
    let pair = try pair()
    var buffer = SendBuffer(octets: 4096, isSegmenting: segmenting)
    for i in 0..<4096 { buffer.octets[i] = UInt8(truncatingIfNeeded: i &* 31) }
    var expected: [[UInt8]] = []
    for sizes in [[40, 40, 40, 41, 41, 7, 40], [60], [], Array(repeating: 33, count: 64)] {
      var offset = 0
      for size in sizes {
        buffer.add(offset: offset, size: size)
        expected.append((offset..<offset + size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        offset += size
      }
      buffer.flush(to: pair.sender.number)
    }
    #expect(try received(expected.count, on: pair.receiver) == expected)
    #expect(buffer.unsent == 0 && buffer.refusals == 0 && buffer.isSegmenting == segmenting)
  }

  /// Neighbours in the call that are none in the memory.
  @Test func gapsEndARun() throws {
    let pair = try pair()
    var buffer = SendBuffer(octets: 100)
    for i in 0..<100 { buffer.octets[i] = UInt8(i) }
    for offset in [0, 10, 50, 20] { buffer.add(offset: offset, size: 10) }
    buffer.flush(to: pair.sender.number)
    #expect(try received(4, on: pair.receiver).map { $0[0] } == [0, 10, 50, 20])
  }

  @Test func longDatagramIsCutButMeasured() throws {
    let pair = try pair()
    var buffer = SendBuffer(octets: 5000)
    buffer.add(offset: 0, size: 5000)
    buffer.flush(to: pair.sender.number)
    let poller = try Poller()
    try poller.add(pair.receiver.number, .read, token: 0)
    try poller.wait(nanoseconds: 10_000_000_000) { _ in }
    var batch = ReplyBatch(size: 512)
    #expect(batch.receive(from: pair.receiver.number) == .done(1))
    #expect(batch.length(0) == 5000)
    #expect(512..<5000 ~= batch.octets(0).byteCount)
  }

  @Test func refusalIsCounted() throws {
    let pair = try pair()
    let sender = close(pair)
    var buffer = SendBuffer(octets: 100)
    for _ in 0..<2 {
      buffer.add(offset: 0, size: 20)
      buffer.flush(to: sender.number)
    }
    #expect(buffer.refusals == 1 && buffer.unsent == 0)
  }

  private func close(_ pair: consuming Pair) -> ClientSocket { pair.sender }
}
