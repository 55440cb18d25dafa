import Answering
import Memory
import Wire

/// A transfer as its client sees it.
struct Transfer {
  var messages: [Reply] = []
  /// Octets of each message.
  var sizes: [Int] = []

  var records: [Record] { messages.flatMap(\.answer) }
  /// Without the SOA at either end.
  var content: [Record] { Array(records.dropFirst().dropLast()) }
}

extension World {
  /// Asks for a whole zone and takes it, each message decoded.
  ///
  /// - Parameters:
  ///   - question: the apex and AXFR or IXFR.
  ///   - limits: octets that the messages may have, over and over; where one is too small, the largest is tried.
  ///   - between: called after each message.
  func transfer(
    _ question: String, from client: String = "192.0.2.1", edns: TestQuery.EDNS? = nil, limits: [Int] = [65_535],
    between: () -> Void = {}
  ) throws -> Transfer {
    var query = try TestQuery(question)
    query.edns = edns
    return try Self.transfer(query.octets, client, limits, generation.value, between)
  }

  private struct Refused: Error { let code: UInt16 }
  private struct Stuck: Error {}

  private static func transfer(
    _ request: [UInt8], _ client: String, _ limits: [Int], _ generation: borrowing Generation, _ between: () -> Void
  ) throws -> Transfer {
    var buffer = Slab<UInt8>(count: 65_535 + Message.slack)
    buffer.copy(request.span.octets)
    var message = Message(buffer.mutableBytes(at: 0, count: buffer.count), length: request.count)
    var responder = Responder(seed: 1)
    let context = RequestContext(transport: .tcp, client: IPAddress(client) ?? .v4(0))
    let reply = responder.respond(to: &message, context, over: generation)
    guard case .begins(let zone) = reply.transfer else { throw Refused(code: reply.code.rawValue) }
    var transfer = ZoneTransfer(ZoneSnapshot(generation, zone: zone), frame: message)
    var result = Transfer()
    var octets = Slab<UInt8>(count: 65_535 + Message.slack)
    while !transfer.isDone {
      let limit = limits[result.messages.count % limits.count]
      guard
        let message = write(&transfer, &octets, limit) ?? write(&transfer, &octets, 65_535)
      else { throw Stuck() }
      result.messages.append(try ReplyDecoder.decode(message))
      result.sizes.append(message.count)
      between()
    }
    return result
  }

  private static func write(_ transfer: inout ZoneTransfer, _ octets: inout Slab<UInt8>, _ limit: Int) -> [UInt8]? {
    var message = Message(octets.mutableBytes(at: 0, count: octets.count), length: 0)
    guard transfer.write(to: &message, limit: limit) else { return nil }
    let length = message.length
    return Array(octets.span.extracting(0..<length))
  }
}
