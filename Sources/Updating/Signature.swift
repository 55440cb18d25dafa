import Crypto
import Memory
package import Wire

/// The TSIG record that ends a message (RFC 8945 §4.2), taken out of it.
package struct Signature: Sendable, Hashable {
  /// Both in lower case, as they are signed.
  package let keyName: DomainName
  package let algorithm: DomainName
  /// When it was signed, in seconds since 1970, and by how much that may be off.
  package let time: UInt64
  package let fudge: UInt16
  package let mac: [UInt8]
  package let originalID: UInt16
  package let error: ResponseCode
  package let other: [UInt8]

  /// What the MAC is computed over, besides the message and the request's MAC (RFC 8945 §4.3.3).
  var variables: [UInt8] {
    var result = keyName.wire
    result.append(Signature.anyClass)
    result.append(UInt32(0))
    result += algorithm.wire
    result.append(time: time)
    result.append(fudge)
    result.append(error.rawValue)
    result.append(UInt16(truncatingIfNeeded: other.count))
    return result + other
  }

  /// The record as it stands in a message.
  var record: [UInt8] {
    var result = keyName.wire
    result.append(RecordType.tsig.rawValue)
    result.append(Signature.anyClass)
    result.append(UInt32(0))
    let length = algorithm.wire.count + SignatureRecord.unsignedLength + mac.count + other.count
    result.append(UInt16(truncatingIfNeeded: length))
    result += algorithm.wire
    result.append(time: time)
    result.append(fudge)
    result.append(UInt16(truncatingIfNeeded: mac.count))
    result += mac
    result.append(originalID)
    result.append(error.rawValue)
    result.append(UInt16(truncatingIfNeeded: other.count))
    return result + other
  }

  /// Puts the record at the end of a message whose last record it becomes.
  func appended(to message: [UInt8]) -> [UInt8] {
    var result = message
    result.put(message.uint16(at: 10) &+ 1, at: 10)
    return result + record
  }

  private static var anyClass: UInt16 { 255 }
}

/// A message parted from its TSIG record.
enum Signed {
  case unsigned
  /// No header, records that do not fit, or a TSIG record that is malformed, not the last or not the only one
  /// (RFC 8945 §5.1): FORMERR.
  case malformed
  case signed(Signature, message: [UInt8])

  init(_ octets: [UInt8]) {
    guard var reader = MessageReader(octets) else {
      self = .malformed
      return
    }
    for _ in 0..<reader.count(0) where reader.question() == nil {
      self = .malformed
      return
    }
    let before = reader.count(1) + reader.count(2)
    let total = before + reader.count(3)
    for i in 0..<total {
      guard let record = reader.record() else {
        self = .malformed
        return
      }
      guard record.type == .tsig else { continue }
      guard i >= before, i == total - 1, reader.isAtEnd, let signature = Signature(octets, at: record.start) else {
        self = .malformed
        return
      }
      var message = Array(octets[..<record.start])
      message.put(octets.uint16(at: 10) - 1, at: 10)
      self = .signed(signature, message: message)
      return
    }
    self = reader.isAtEnd ? .unsigned : .malformed
  }
}

extension Signature {
  /// Nil when the record at `offset` of a message is malformed.
  fileprivate init?(_ octets: [UInt8], at offset: Int) {
    var buffer = Slab<UInt8>(count: octets.count + Message.slack)
    var room = buffer.mutableBytes(at: 0, count: octets.count + Message.slack)
    room.copy(octets.rawBytes, from: 0, count: octets.count, at: 0)
    let message = Message(room, length: octets.count)
    guard let record = SignatureRecord(message, at: offset), let (name, _) = DomainName.read(octets, at: offset) else {
      return nil
    }
    let mac = record.fields + 10
    let behind = mac + Int(octets.uint16(at: record.fields + 8))
    let other = behind + 6
    keyName = DomainName(unchecked: name).lowercased
    algorithm = DomainName(unchecked: Array(octets[record.algorithm..<record.fields])).lowercased
    time = UInt64(record.time.high) << 32 | UInt64(record.time.low)
    fudge = record.fudge
    self.mac = Array(octets[mac..<behind])
    originalID = record.originalID
    error = ResponseCode(rawValue: octets.uint16(at: behind + 2))
    self.other = Array(octets[other..<(other + Int(octets.uint16(at: behind + 4)))])
  }
}
