import Memory
import Wire
import Zone

/// Where names stand in the message.
extension Responder {
  /// The offset in the message of the zone's apex, within the name in question.
  @inline(__always) func apexOffset(
    _ message: borrowing Message, _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    if answer.owner == Message.headerLength { return offset(ofLastOctets: entry.apexLength) }
    return offset(ofLast: entry.zone.value.apexLabels, inNameAt: answer.owner, of: name.labelCount, message)
  }

  /// The offset of the name of a node at or above the name in question.
  @inline(__always) func offset(
    of node: Node,
    _ message: borrowing Message, _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    if answer.owner == Message.headerLength {
      return offset(ofLastOctets: entry.apexLength &+ entry.zone.value.nameLength(node))
    }
    return offset(ofLast: entry.zone.value.labels(node), inNameAt: answer.owner, of: name.labelCount, message)
  }

  /// In the question the name's octets follow one another; in an alias's data a pointer may stand between them.
  @inline(__always) private func offset(ofLastOctets count: Int) -> Int {
    Message.headerLength &+ max(0, name.length &- count)
  }

  /// The same for any name that stands in the message and has `labelCount` labels.
  func offset(ofLast labels: Int, inNameAt start: Int, of labelCount: Int, _ message: borrowing Message) -> Int {
    var at = start
    var skip = labelCount - labels
    while true {
      let label = Int(message.octet(at))
      if label >= 0xC0 {
        at = Int(message.uint16(at) & 0x3FFF)
      } else if skip == 0 {
        return at
      } else {
        at += label + 1
        skip -= 1
      }
    }
  }
}
