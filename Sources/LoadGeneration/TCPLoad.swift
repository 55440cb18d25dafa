import Memory
import Sockets
import Wire

/// The queries of one run over TCP: connections that are kept busy, and opened again when they end.
struct TCPLoad: ~Copyable {
  private let server: SocketAddress
  private let sources: [IPAddress]
  private var connections: FixedArray<TCPConnection>
  private let poller: Poller
  private var block: QueryBlock
  /// Framed queries of one write.
  private var frames = Slab<UInt8>(count: 1 << 16)
  private let pace: Pace
  private let timeout: UInt64
  private let pipeline: Int
  private let perConnection: Int
  private var ready: [Poller.Event] = []
  private var next = 0
  private var waiting = 0
  private var refused = 0
  private var broken = 0
  private var lastError: SystemError?
  /// Queries that went down with their connections; they are lost when their time is over, as any others.
  private var abandoned: [(until: UInt64, count: Int)] = []

  private static var largestFrame: Int { 512 }
  /// Nanoseconds before a connection that failed is tried again.
  private static var pause: UInt64 { 50_000_000 }

  init(_ settings: BenchSettings, _ pace: Pace, _ block: consuming QueryBlock) throws(SystemError) {
    let poller = try Poller()
    self.poller = poller
    server = settings.server
    sources = settings.sourceAddresses
    let pipeline = settings.pipeline
    connections = FixedArray(count: settings.connections) { _ in TCPConnection(pipeline: pipeline) }
    self.block = block
    self.pace = pace
    timeout = settings.timeout
    self.pipeline = pipeline
    perConnection = settings.queriesPerConnection
  }

  /// Asks until the clock says that it is over, then waits for the answers under way.
  mutating func run(_ clock: inout RunClock, _ recorder: inout Recorder) throws(SystemError) {
    while true {
      let now = Clock.monotonic()
      if now >= clock.nextTick {
        expire(now, &recorder)
        clock.turn(now, &recorder)
      }
      if clock.ended == nil {
        connect(now)
        send(now, &recorder)
      } else if waiting == 0 && abandoned.isEmpty {
        return
      } else if now > clock.drained {
        return expire(.max, &recorder)
      }
      ready.removeAll(keepingCapacity: true)
      try wait(now, clock, recorder)
      for event in ready { serve(event, &recorder) }
    }
  }

  private mutating func wait(
    _ now: UInt64, _ clock: borrowing RunClock, _ recorder: borrowing Recorder
  ) throws(SystemError) {
    var until = clock.nextTick
    if pace.schedule != nil, clock.ended == nil, recorder.sent < pace.count {
      // What could not be sent although it was due waits for an answer to make room.
      let due = pace.time(of: recorder.sent, now)
      if due > now { until = min(until, due) }
    }
    var events = self.ready
    self.ready = []
    try poller.wait(nanoseconds: until > now ? until - now : 0) { events.append($0) }
    self.ready = events
  }

  // MARK: - Connections

  private mutating func connect(_ now: UInt64) {
    for i in 0..<connections.count where connections[i].state == .closed && connections[i].retry <= now {
      if let error = connections[i].open(server, sources.isEmpty ? nil : sources[i % sources.count]) {
        fail(i, error, now)
        continue
      }
      do throws(SystemError) {
        try poller.add(connections[i].number, [.read, .write, .edgeTriggered], token: UInt64(i))
      } catch { fail(i, error, now) }
    }
  }

  private mutating func fail(_ i: Int, _ error: SystemError, _ now: UInt64) {
    if error.isRefused { refused += 1 }
    lastError = error
    end(i, now)
    connections[i].retry = now + Self.pause
  }

  /// Closes a connection with whatever is outstanding on it.
  private mutating func end(_ i: Int, _ now: UInt64) {
    connections[i].close()
    let left = connections[i].outstanding.count
    if left > 0 { abandoned.append((now + timeout, left)) }
    connections[i].outstanding = Outstanding(capacity: max(64, 2 * pipeline))
    waiting -= left
  }

  private mutating func serve(_ event: Poller.Event, _ recorder: inout Recorder) {
    let i = Int(event.token)
    if connections[i].state == .connecting {
      if let error = pendingError(i) { return fail(i, error, Clock.monotonic()) }
      guard event.ready.contains(.write) else { return }
      connections[i].state = .open
    }
    guard connections[i].state == .open else { return }
    if event.ready.contains(.write), !connections[i].flush() { return breakOff(i) }
    guard !event.ready.isDisjoint(with: [.read, .readClosed, .hungUp, .failed]) else { return }
    receive(i, &recorder)
  }

  private func pendingError(_ i: Int) -> SystemError? {
    switch connections[i].socket {
    case .some(let socket): socket.pendingError()
    case .none: nil
    }
  }

  private mutating func breakOff(_ i: Int) {
    let now = Clock.monotonic()
    // One that has just been opened and gives nothing is not tried again at once.
    connections[i].retry = connections[i].asked == connections[i].outstanding.count ? now + Self.pause : now
    // A server may close what is idle (RFC 7766 §6.2.3).
    if connections[i].asked == 0 || connections[i].outstanding.count > 0 { broken += 1 }
    end(i, now)
  }

  /// Receives until there is nothing more; a connection that has had its queries answered is closed.
  private mutating func receive(_ i: Int, _ recorder: inout Recorder) {
    let before = connections[i].outstanding.count
    var more: Bool? = true
    while more == true { more = connections[i].receive(&recorder) }
    waiting -= before - connections[i].outstanding.count
    if more == nil { return breakOff(i) }
    endIfComplete(i, Clock.monotonic())
  }

  private mutating func endIfComplete(_ i: Int, _ now: UInt64) {
    if perConnection > 0, connections[i].asked >= perConnection, connections[i].outstanding.count == 0 {
      end(i, now)
    }
  }

  // MARK: - Queries

  private mutating func send(_ now: UInt64, _ recorder: inout Recorder) {
    var allowed = pace.allowed(now, sent: recorder.sent)
    for _ in 0..<connections.count where allowed > 0 {
      allowed -= fill(next, allowed, now, &recorder)
      next = next + 1 == connections.count ? 0 : next + 1
    }
  }

  /// Sends as many queries over connection `i` as it has room for, at most `limit`; returns how many.
  private mutating func fill(_ i: Int, _ limit: Int, _ now: UInt64, _ recorder: inout Recorder) -> Int {
    guard connections[i].state == .open, connections[i].output.isEmpty else { return 0 }
    var count = min(limit, pipeline - connections[i].outstanding.count, connections[i].outstanding.room)
    count = min(count, frames.count / Self.largestFrame)
    if perConnection > 0 { count = min(count, perConnection - connections[i].asked) }
    guard count > 0 else { return 0 }
    var end = 0
    for _ in 0..<count {
      block.refillIfEmpty(limit: pace.count - recorder.sent)
      let time = pace.time(of: recorder.sent, now)
      recorder.delayed(time, now)
      let id = connections[i].outstanding.add(time, check: block.nextCheck)
      end += Self.frame(&block, id, to: &frames, at: end)
      recorder.sent(1)
    }
    connections[i].asked += count
    waiting += count
    write(i, end)
    return count
  }

  private static func frame(_ block: inout QueryBlock, _ id: UInt16, to frames: inout Slab<UInt8>, at offset: Int)
    -> Int
  {
    var target = frames.mutableBytes(at: offset, count: largestFrame)
    let size = block.copy(id: id, to: &target, at: 2)
    target.put(UInt16(size), at: 0)
    return 2 + size
  }

  private mutating func write(_ i: Int, _ count: Int) {
    switch StreamSocket.write(connections[i].number, frames.bytes.extracting(0..<count)) {
    case .done(let written) where written == count: return
    case .done(let written): connections[i].output = [UInt8](copying: frames.bytes, written..<count)
    case .wouldBlock: connections[i].output = [UInt8](copying: frames.bytes, 0..<count)
    case .failed: breakOff(i)
    }
  }

  private mutating func expire(_ now: UInt64, _ recorder: inout Recorder) {
    let deadline = now == .max ? now : now - min(now, timeout)
    for i in 0..<connections.count {
      let lost = connections[i].outstanding.expire(before: deadline)
      recorder.lost(lost)
      waiting -= lost
      if lost > 0 { endIfComplete(i, now) }
    }
    for group in abandoned where group.until <= now { recorder.lost(group.count) }
    abandoned.removeAll { $0.until <= now }
  }
}

extension TCPLoad {
  /// Gives the queries back, for another run.
  consuming func finish() -> QueryBlock { block }

  var troubles: Troubles {
    Troubles(
      refused: refused, brokenConnections: broken, error: lastError.map { "\($0)" },
      badLines: block.problems.badLines, listed: block.problems.listed)
  }
}
