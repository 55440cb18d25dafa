import Memory
import Sockets
import Wire

/// The queries of one run over UDP: sockets, what is outstanding on each, and the loop.
///
/// One thread, no allocation and far less than one system call a query: a burst leaves one socket in one call,
/// and its answers are received in one. In a closed loop each socket has its share of what may be outstanding.
struct UDPLoad: ~Copyable {
  struct Lane: ~Copyable {
    let socket: ClientSocket
    var outstanding: Outstanding
    /// Queries outstanding at most.
    let share: Int
  }

  private var lanes: FixedArray<Lane>
  private let poller: Poller
  private var block: QueryBlock
  private var replies: ReplyBatch
  private let pace: Pace
  private let timeout: UInt64
  private let inFlight: Int
  private var gathering: Gathering
  private var ready: [Int] = []
  private var nextLane = 0
  /// Queries that are neither answered nor lost.
  private var waiting = 0
  private(set) var receiveError: SystemError?

  /// Datagrams of one burst, and calls that receive from one socket before the others get their turn.
  private static var burst: Int { SendBuffer.capacity }
  private static var turn: Int { 16 }

  init(_ settings: BenchSettings, _ pace: Pace, _ block: consuming QueryBlock) throws(SystemError) {
    let isClosed = pace.schedule == nil
    let inFlight = settings.inFlight
    let count = isClosed ? min(settings.ports, inFlight) : settings.ports
    let poller = try Poller()
    let numbers = try ClientSocket.open(to: settings.server, from: settings.sourceAddresses, count: count)
    for i in 0..<count { try poller.add(numbers[i], .read, token: UInt64(i)) }
    self.poller = poller
    lanes = FixedArray(count: count) { i in
      let share = isClosed ? min(65_536, inFlight / count + (i < inFlight % count ? 1 : 0)) : 65_536
      // In an open loop a million queries on all sockets together, a second's at the highest rates.
      let capacity = isClosed ? max(4096, 4 * share) : max(1024, (1 << 20) / count)
      return Lane(
        socket: ClientSocket(adopting: numbers[i]), outstanding: Outstanding(capacity: capacity), share: share)
    }
    replies = ReplyBatch(size: settings.options.hasEDNS ? max(512, Int(settings.options.udpSize)) : 512)
    self.block = block
    self.pace = pace
    self.inFlight = inFlight
    timeout = settings.timeout
    gathering = Gathering(inFlight: isClosed ? inFlight : 0)
    ready.reserveCapacity(count)
  }

  /// Asks until the clock says that it is over, then waits for the answers under way.
  mutating func run(_ clock: inout RunClock, _ recorder: inout Recorder) throws(SystemError) {
    while true {
      let now = Clock.monotonic()
      if now >= clock.nextTick {
        expire(now, &recorder)
        gathering.turn(now, answered: recorder.answered)
        clock.turn(now, &recorder)
      }
      if clock.ended == nil {
        send(now, &recorder)
      } else if waiting == 0 {
        return
      } else if now > clock.drained {
        return expire(.max, &recorder)
      }
      try wait(clock, recorder)
      for i in ready { receive(i, &recorder) }
    }
  }

  // MARK: - Sending

  private mutating func send(_ now: UInt64, _ recorder: inout Recorder) {
    var allowed = pace.allowed(now, sent: recorder.sent)
    if pace.schedule == nil {
      for i in 0..<lanes.count where allowed > 0 {
        allowed -= fill(i, min(allowed, lanes[i].share - lanes[i].outstanding.count), now, &recorder)
      }
    } else {
      var full = 0
      while allowed > 0, full < lanes.count {
        let sent = fill(nextLane, min(allowed, Self.burst), now, &recorder)
        nextLane = nextLane + 1 == lanes.count ? 0 : nextLane + 1
        full = sent > 0 ? 0 : full + 1
        allowed -= sent
      }
    }
  }

  /// Sends at most `count` queries over one socket; returns how many.
  private mutating func fill(_ i: Int, _ count: Int, _ now: UInt64, _ recorder: inout Recorder) -> Int {
    let count = min(count, lanes[i].outstanding.room)
    var left = count
    while left > 0 {
      block.refillIfEmpty(limit: pace.count - recorder.sent)
      let part = min(left, block.count, Self.burst)
      for _ in 0..<part {
        let time = pace.time(of: recorder.sent, now)
        recorder.delayed(time, now)
        block.send(id: lanes[i].outstanding.add(time, check: block.nextCheck))
        recorder.sent(1)
      }
      block.sends.flush(to: lanes[i].socket.number)
      left -= part
    }
    waiting += max(0, count)
    return max(0, count)
  }

  // MARK: - Receiving

  /// Waits until there are answers, a query is due or the clock wants its turn.
  private mutating func wait(_ clock: borrowing RunClock, _ recorder: borrowing Recorder) throws(SystemError) {
    ready.removeAll(keepingCapacity: true)
    if gathering.pause > 0 {
      OwnThread.sleep(nanoseconds: gathering.pause)
      try poll(0)
      if !ready.isEmpty { return }
    }
    let now = Clock.monotonic()
    var next = clock.nextTick
    if pace.schedule != nil, clock.ended == nil, recorder.sent < pace.count {
      next = min(next, pace.time(of: recorder.sent, now))
    }
    try poll(next > now + Self.wakeUp ? next - now - Self.wakeUp : 0)
  }

  /// Nanoseconds that waking up may take. What is due sooner is waited for awake.
  private static var wakeUp: UInt64 { 60_000 }

  private mutating func poll(_ nanoseconds: UInt64) throws(SystemError) {
    var ready = self.ready
    self.ready = []
    try poller.wait(nanoseconds: nanoseconds) { ready.append(Int($0.token)) }
    self.ready = ready
  }

  private mutating func receive(_ i: Int, _ recorder: inout Recorder) {
    for _ in 0..<Self.turn {
      let result = replies.receive(from: lanes[i].socket.number)
      guard case .done(let count) = result else {
        if case .failed(let error) = result { receiveError = SystemError("receive", error) }
        return
      }
      let now = Clock.monotonic()
      let before = lanes[i].outstanding.count
      Self.take(count, replies, &lanes[i].outstanding, &recorder, now)
      waiting -= before - lanes[i].outstanding.count
      if block.needsCookie { learnCookie(count) }
      if count < ReplyBatch.capacity { return }
    }
  }

  private static func take(
    _ count: Int, _ replies: borrowing ReplyBatch, _ outstanding: inout Outstanding, _ recorder: inout Recorder,
    _ now: UInt64
  ) {
    for i in 0..<count {
      recorder.receive(replies.octets(i), length: replies.length(i), &outstanding, now)
    }
  }

  /// Sends back from now on what the server gave (RFC 7873 §5.4).
  private mutating func learnCookie(_ count: Int) {
    guard let client = block.options.clientCookie else { return }
    for i in 0..<count where replies.octets(i).byteCount >= 12 {
      guard let cookie = AnswerReader.serverCookie(replies.octets(i), client: client) else { continue }
      block.options.serverCookie = cookie
      return
    }
  }

  private mutating func expire(_ now: UInt64, _ recorder: inout Recorder) {
    let deadline = now == .max ? now : now - min(now, timeout)
    for i in 0..<lanes.count {
      let lost = lanes[i].outstanding.expire(before: deadline)
      recorder.lost(lost)
      waiting -= lost
    }
  }
}

extension UDPLoad {
  /// Gives the queries back, for another run.
  consuming func finish() -> QueryBlock {
    block.sends.forgetTroubles()
    return block
  }

  /// What the kernel did not deliver or take, for the report.
  var troubles: Troubles {
    var drops = 0
    for i in 0..<lanes.count { drops += Int(lanes[i].socket.kernelDrops()) }
    let sends = (unsent: block.sends.unsent, error: block.sends.lastError ?? receiveError)
    let refusals = block.sends.refusals + (receiveError?.isRefused == true ? 1 : 0)
    return Troubles(
      unsent: sends.unsent, refused: refusals, drops: drops, error: sends.error.map { "\($0)" },
      badLines: block.problems.badLines, listed: block.problems.listed)
  }
}

/// How long to let answers gather before they are received, so that a busy server's come many at once: the time
/// in which a quarter of what may be outstanding is answered. The rest keeps the server busy meanwhile.
struct Gathering {
  private let inFlight: Int
  private var before: (time: UInt64, answered: Int) = (0, 0)
  /// Nanoseconds; 0: receive at once.
  private(set) var pause: UInt64 = 0

  /// Below so many there is nothing to gather.
  private static var least: Int { 64 }
  private static var longest: UInt64 { 200_000 }

  init(inFlight: Int) { self.inFlight = inFlight }

  mutating func turn(_ now: UInt64, answered: Int) {
    let new = answered - before.answered
    let elapsed = now - before.time
    before = (now, answered)
    guard inFlight >= Self.least, new >= Self.least else { return pause = 0 }
    pause = min(Self.longest, elapsed * UInt64(inFlight / 4) / UInt64(new))
  }
}
