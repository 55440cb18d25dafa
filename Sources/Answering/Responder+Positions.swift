import Memory
import Wire
import Zone

/// Where names stand in the message.
extension Responder {
  /// The offset in the message of the zone's apex, within the name in question.
  @inline(__always) func apexOffset(
    _ message: borrowing Message, _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    offset(ofLast: entry.zone.value.apexLabels, message)
  }

  func offset(
    of node: Node,
    _ message: borrowing Message, _ entry: borrowing ZoneTable.Entry
  ) -> Int {
    offset(ofLast: entry.zone.value.labels(node), message)
  }

  /// The offset of the last `labels` labels of the name in question. In the question they follow one
  /// another; in an alias's data a pointer may stand between them.
  private func offset(ofLast labels: Int, _ message: borrowing Message) -> Int {
    if answer.owner == Message.headerLength { return Message.headerLength + name.start(ofLast: labels) }
    return offset(ofLast: labels, inNameAt: answer.owner, of: name.labelCount, message)
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
