import Glibc
import Logging
import Observing
import Synchronization
import Testing

/// A pipe whose reading end the test holds: an output that stalls for as long as nobody reads.
private final class Pipe: Sendable {
  let reading: Int32
  let writing: Int32
  private let rest = Mutex<[UInt8]>([])

  init() {
    var ends: [Int32] = [0, 0]
    _ = unsafe pipe(&ends)
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    close(reading)
    close(writing)
  }

  /// The next `count` lines; fewer when nothing has come for ten seconds.
  func lines(_ count: Int) -> [String] {
    rest.withLock { rest in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      var lines: [String] = []
      while lines.count < count {
        while lines.count < count, let end = rest.firstIndex(of: 10) {
          lines.append(String(decoding: rest[..<end], as: UTF8.self))
          rest.removeFirst(end + 1)
        }
        if lines.count == count { break }
        var waiting = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&waiting, 1, 10_000) == 1 else { break }
        let size = unsafe read(reading, &buffer, buffer.count)
        rest += buffer[..<max(0, size)]
      }
      return lines
    }
  }
}

/// 2026-11-22T19:11:34.120Z
private let instant: Int64 = 1_795_374_694_120

private func firstLine(_ format: LogFormat, _ message: String, _ metadata: Logger.Metadata = [:]) -> String? {
  let pipe = Pipe()
  let queue = LogQueue(descriptor: pipe.writing, format: format, now: { instant })
  #expect(queue.start())
  queue.logger("test").info("\(message)", metadata: metadata)
  let line = pipe.lines(1).first
  queue.close()
  return line
}

@Suite struct LogTests {
  @Test(
    arguments: [
      ("ready", [:], "2026-11-22T19:11:34.120Z info ready"),
      ("two", ["b": "2", "a": "1"], "2026-11-22T19:11:34.120Z info two a=1 b=2"),
      ("quoted", ["k": "a b"], #"2026-11-22T19:11:34.120Z info quoted k="a b""#),
      ("empty", ["k": ""], #"2026-11-22T19:11:34.120Z info empty k="""#),
      ("marks", ["k": #"a"b\c"#], #"2026-11-22T19:11:34.120Z info marks k="a\"b\\c""#),
      ("one\ntwo\r\u{1B}[2J", [:], #"2026-11-22T19:11:34.120Z info one\ntwo\r\x1b[2J"#),
      ("c1 \u{9B}31m", [:], #"2026-11-22T19:11:34.120Z info c1 \x9b31m"#),
      ("bidi \u{202E}gpj", ["k": "\u{0}"], #"2026-11-22T19:11:34.120Z info bidi \u{202e}gpj k=\x00"#),
      ("Grüße", ["k": "日本"], "2026-11-22T19:11:34.120Z info Grüße k=日本"),
    ] as [(String, Logger.Metadata, String)])
  func textLine(message: String, metadata: Logger.Metadata, expected: String) {
    #expect(firstLine(.text, message, metadata) == expected)
  }

  @Test(
    arguments: [
      ("ready", [:], #""message":"ready"}"#),
      (#"a"b\c"#, [:], #""message":"a\"b\\c"}"#),
      ("\u{0}\n\u{1B}\u{7F}\u{2028}", [:], #""message":"\u0000\n\u001b\u007f\u2028"}"#),
      ("m", ["k": ["x", "y"], "d": ["e": "f"]], #""message":"m","metadata":{"d":{"e":"f"},"k":["x","y"]}}"#),
    ] as [(String, Logger.Metadata, String)])
  func jsonLine(message: String, metadata: Logger.Metadata, expected: String) {
    let head = #"{"time":"2026-11-22T19:11:34.120Z","level":"info","logger":"test","#
    #expect(firstLine(.json, message, metadata) == head + expected)
  }

  @Test(arguments: LogFormat.allCases)
  func longMessagesAreCut(format: LogFormat) throws {
    let line = try #require(firstLine(format, String(repeating: "ä\u{1}", count: 10_000), ["k": "v"]))
    #expect(line.utf8.count < 4096)
    #expect(line.hasSuffix(format == .json ? "}" : "…"))
  }

  @Test func levelFollowsTheQueueUntilALoggerHasItsOwn() {
    let pipe = Pipe()
    let queue = LogQueue(descriptor: pipe.writing, level: .warning)
    let common = queue.logger("common")
    var own = queue.logger("own")
    own.logLevel = .error
    common.info("not yet")
    queue.set(level: .debug, format: .text)
    common.debug("now")
    own.warning("never")
    #expect(queue.start())
    own.error("always")
    #expect(pipe.lines(2).map { $0.split(separator: " ").last.map(String.init) } == ["now", "always"])
    queue.close()
  }

  /// The test's own thread logs far more than the pipe and the queue hold: it would hang here if it could be blocked.
  @Test func stalledOutputDropsAndCounts() {
    let pipe = Pipe()
    let queue = LogQueue(descriptor: pipe.writing, capacity: 16)
    #expect(queue.start())
    let logger = queue.logger("test")
    let long = String(repeating: "x", count: 1000)
    for number in 0..<1000 { logger.info("\(number) \(long)") }
    #expect(queue.dropped > 0)
    #expect(!queue.flush(milliseconds: 20))
    let kept = 1000 - Int(queue.dropped)
    var read = 0
    var reported: UInt64 = 0
    while read < kept || reported < queue.dropped, let line = pipe.lines(1).first {
      if let count = line.split(separator: "dropped=").dropFirst().first.flatMap({ UInt64($0) }) {
        reported += count
      } else {
        read += 1
      }
    }
    #expect(read == kept)
    #expect(reported == queue.dropped)
    queue.close()
  }

  @Test func closeWritesWhatIsQueued() {
    let pipe = Pipe()
    let queue = LogQueue(descriptor: pipe.writing)
    let logger = queue.logger("test")
    for number in 0..<100 { logger.info("\(number)") }
    #expect(queue.start())
    queue.close()
    #expect(pipe.lines(100).count == 100)
    logger.info("too late")
    #expect(queue.dropped == 1)
  }
}
