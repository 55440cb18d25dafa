package import Memory

/// Octets in wire form, as a reader appends them.
package typealias OctetBuffer = GrowableArray<UInt8>

extension OctetBuffer {
  package mutating func append(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  package mutating func append(_ value: UInt32) {
    append(UInt16(truncatingIfNeeded: value >> 16))
    append(UInt16(truncatingIfNeeded: value))
  }

  package mutating func append(_ value: UInt64) {
    append(UInt32(truncatingIfNeeded: value >> 32))
    append(UInt32(truncatingIfNeeded: value))
  }
}

extension Tokenizer {
  /// Appends a domain name in wire form, relative ones completed with `origin`; `@` is the origin.
  ///
  /// Returns whether the name was relative, and so ends in `origin`.
  @discardableResult
  package func appendName(
    _ token: Token, origin: DomainName, to out: inout OctetBuffer
  ) throws(SyntaxError) -> Bool {
    guard token.kind == .word else { throw unexpected(token, expected: "a domain name") }
    let start = out.count
    if token.count == 1 {
      if text[token.start] == UInt8(ascii: "@") {
        out.append(contentsOf: origin.wire.span)
        return true
      }
      if text[token.start] == UInt8(ascii: ".") {
        out.append(UInt8(0))
        return false
      }
    }
    let relative = try appendLabels(token, to: &out)
    if relative { out.append(contentsOf: origin.wire.span) } else { out.append(UInt8(0)) }
    guard out.count - start <= DomainName.maximumLength else { throw error(token, NameError.nameTooLong.description) }
    return relative
  }

  /// Appends the labels that are written; returns whether there is no final dot.
  private func appendLabels(_ token: Token, to out: inout OctetBuffer) throws(SyntaxError) -> Bool {
    var label = out.count
    out.append(UInt8(0))
    var index = token.start
    while index < token.end {
      let octet = text[index]
      if octet == UInt8(ascii: ".") {
        try closeLabel(label, token, in: &out)
        index += 1
        if index == token.end { return false }
        label = out.count
        out.append(UInt8(0))
      } else {
        out.append(try self.octet(&index, of: token))
      }
    }
    try closeLabel(label, token, in: &out)
    return true
  }

  private func closeLabel(_ start: Int, _ token: Token, in out: inout OctetBuffer) throws(SyntaxError) {
    let length = out.count - start - 1
    guard length > 0 else { throw error(token, NameError.emptyLabel.description) }
    guard length <= 63 else { throw error(token, NameError.labelTooLong.description) }
    out[start] = UInt8(length)
  }

  /// Reads a whole name, for directives and tools.
  package func name(_ token: Token, origin: DomainName) throws(SyntaxError) -> DomainName {
    var wire = OctetBuffer(minimumCapacity: 256)
    try appendName(token, origin: origin, to: &wire)
    return DomainName(unchecked: Array(wire.span))
  }
}

extension Array<UInt8> {
  package init(_ octets: Span<UInt8>) {
    self.init(capacity: octets.count) { for i in octets.indices { $0.append(octets[i]) } }
  }
}
