import Glibc
import Memory

/// The keyboard of whoever runs the demo: single keys, without Enter, when it is a terminal.
final class Terminal: Sendable {
  private let before: termios?

  init() {
    var settings = termios()
    guard isatty(0) == 1, unsafe tcgetattr(0, &settings) == 0 else {
      before = nil
      return
    }
    before = settings
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO)
    unsafe tcsetattr(0, TCSANOW, &settings)
  }

  /// Calls `body` for each key, on a thread of its own, until the input ends.
  func eachKey(_ body: @escaping @Sendable (Character) -> Void) {
    _ = Thread.start("keys") {
      var octet: UInt8 = 0
      while unsafe read(0, &octet, 1) == 1 { body(Character(UnicodeScalar(octet))) }
    }
  }

  func restore() {
    guard var before else { return }
    unsafe tcsetattr(0, TCSANOW, &before)
  }
}
