import Glibc

/// What a command finds around it.
enum Environment {
  /// Nil when it is not set, or empty.
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
    return unsafe String(cString: value)
  }

  /// The same, and takes it away, so that no program started by this one sees it; before any thread starts.
  static func take(_ name: String) -> String? {
    defer { unsafe unsetenv(name) }
    return value(name)
  }

  static var process: Int32 { getpid() }

  /// Whether this user may not even look whether it is there.
  static func isHidden(_ path: String) -> Bool { unsafe access(path, F_OK) != 0 && errno == EACCES }
  static func hasFile(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
