import Glibc

/// What a command finds around it.
enum Environment {
  /// Nil when it is not set, or empty.
  static func value(_ name: String) -> String? {
    guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
    return unsafe String(cString: value)
  }

  static func hasFile(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }
}
