import Answering
import Wire

/// Asks with an OPT record whose options are the input, but for the first two octets: they choose question,
/// DO, transport and size. An answer must be well-formed, and FORMERR means that the options were not.
package func fuzzEDNS(_ octets: [UInt8]) {
  guard 2...4000 ~= octets.count else { return }
  let options = Array(octets[2...])
  let names: [[UInt8]] = [
    [3, 97, 112, 112, 7] + Array("example".utf8) + [3, 99, 111, 109, 0], [1, 97, 6] + Array("signed".utf8) + [0],
    [1, 122, 6] + Array("hashed".utf8) + [0], [1, 122, 0],
  ]
  let size = UInt16(octets[1]) << 4
  var query: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1] + names[Int(octets[0] & 3)] + [0, 1, 0, 1]
  query += [0, 0, 41, UInt8(size >> 8), UInt8(size & 255), 0, 0, octets[0] & 4 == 0 ? 0 : 0x80, 0]
  query += [UInt8(options.count >> 8), UInt8(options.count & 255)] + options
  let transport: RequestContext.Transport = octets[0] & 8 == 0 ? .udp : .tcp
  guard let reply = FuzzWorld.shared.answer(query, transport) else { preconditionFailure("no answer") }
  precondition(reply.count <= (transport == .tcp ? 65_535 : max(512, min(1232, Int(size)))))
  let isMalformed = reply[3] & 15 == 1
  precondition(isMalformed == !areWellFormed(options))
  // A FORMERR because of the OPT record cannot have one itself.
  precondition(reply[11] == 1 || isMalformed)
}

/// Whether the lengths add up, and a cookie and a client subnet, of which only the first counts, are as they may be.
private func areWellFormed(_ options: [UInt8]) -> Bool {
  var at = 0
  var (hasCookie, hasSubnet) = (false, false)
  var isGood = true
  while at < options.count {
    guard at + 4 <= options.count else { return false }
    let code = Int(options[at]) << 8 | Int(options[at + 1])
    let length = Int(options[at + 2]) << 8 | Int(options[at + 3])
    at += 4 + length
    guard at <= options.count else { return false }
    if code == 10, !hasCookie {
      guard length == 8 || 16...40 ~= length else { return false }
      hasCookie = true
    }
    if code == 8, !hasSubnet {
      isGood = isSubnet(Array(options[(at - length)..<at]))
      hasSubnet = true
    }
  }
  return isGood
}

/// By RFC 7871 §6, bit by bit.
private func isSubnet(_ data: [UInt8]) -> Bool {
  guard data.count >= 4, data[0] == 0, data[1] <= 2, data[3] == 0 else { return false }
  let (bits, address) = (Int(data[2]), Array(data[4...]))
  guard bits <= [0, 32, 128][Int(data[1])], address.count == (bits + 7) / 8 else { return false }
  return (0..<(8 * address.count)).allSatisfy { $0 < bits || address[$0 / 8] & 0x80 >> ($0 % 8) == 0 }
}
