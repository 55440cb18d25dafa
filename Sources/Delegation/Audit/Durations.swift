import Configuration

/// Times as the configuration writes them, for the command line.
package enum Durations {
  /// Nil unless it is one such as `500ms` or `1m30s`.
  package static func read(_ text: String) -> Duration? { parseDuration(text) }
}
