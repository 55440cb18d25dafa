import Memory
import Wire

/// The zone's octets while they are written, front to back, with numbers in the machine's order.
///
/// The slab is as large as the zone could be without compression; what stays untouched is never resident.
struct Arena: ~Copyable {
  var octets: Slab<UInt8>
  private(set) var position = 0

  init(capacity: Int) { octets = Slab(count: capacity) }

  mutating func align(to multiple: Int) { position = (position + multiple - 1) / multiple * multiple }

  mutating func append(_ value: UInt8) {
    var bytes = octets.mutableBytes(at: position, count: 1)
    bytes.put(value, at: 0)
    position += 1
  }

  mutating func append(_ source: RawSpan, from start: Int, count: Int) {
    var bytes = octets.mutableBytes(at: position, count: count)
    bytes.copy(source, from: start, count: count, at: 0)
    position += count
  }

  /// In the machine's order.
  mutating func appendNative(_ value: UInt16) {
    setNative(value, at: position)
    position += 2
  }

  mutating func appendNative(_ value: UInt32) {
    setNative(value, at: position)
    position += 4
  }

  mutating func setNative(_ value: UInt16, at offset: Int) {
    var bytes = octets.mutableBytes(at: offset, count: 2)
    bytes.put(value.byteSwapped, at: 0)
  }

  mutating func setNative(_ value: UInt32, at offset: Int) {
    var bytes = octets.mutableBytes(at: offset, count: 4)
    bytes.put(value.byteSwapped, at: 0)
  }

  /// As sent, big-endian.
  mutating func appendWire(_ value: UInt16) { appendNative(value.bigEndian) }
  mutating func appendWire(_ value: UInt32) { appendNative(value.bigEndian) }
  mutating func setWire(_ value: UInt16, at offset: Int) { setNative(value.bigEndian, at: offset) }

  consuming func finish() -> Slab<UInt8> { octets }
}
