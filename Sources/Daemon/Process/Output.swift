import Glibc

/// What a command says to the person who called it.
package enum Output {
  /// Called first in the process. A standard stream that the caller left closed would become the next thing
  /// that is opened, a socket say, and lines would go there; a reader who has gone away is no reason to end.
  package static func prepare() {
    var descriptor: Int32
    repeat { descriptor = unsafe open("/dev/null", O_RDWR) } while (0...2).contains(descriptor)
    if descriptor > 2 { close(descriptor) }
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Writes one or more whole lines.
  package static func write(_ text: String, toError: Bool) {
    let line = Array((text + "\n").utf8)
    var at = 0
    while at < line.count {
      let count = unsafe line.withUnsafeBytes { octets in
        unsafe Glibc.write(toError ? 2 : 1, octets.baseAddress.unsafelyUnwrapped + at, line.count - at)
      }
      if count < 0 && errno != EINTR { return }
      at += max(0, count)
    }
  }

  package static func exit(_ status: Int32) -> Never { Glibc.exit(status) }
}
