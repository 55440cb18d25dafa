import TestSupport
import Testing
import Updating
import Wire

@Suite struct RefusedSignatureTests {
  private let plain = update([], [.add(record("_acme-challenge", "TXT", "token"))])

  private func signed(_ key: SignatureKey, time: UInt64 = captureTime) throws -> SignedMessage {
    try #require(key.sign(request: plain, time: time))
  }

  private func refused(_ octets: [UInt8], _ keys: [SignatureKey] = [key()], now: UInt64 = captureTime)
    -> SignatureRefusal?
  {
    if case .refused(let refusal) = KeyRing(keys).verify(octets, now: now) { return refusal }
    return nil
  }

  private func isGood(_ octets: [UInt8], _ keys: [SignatureKey] = [key()], now: UInt64 = captureTime) -> Bool {
    if case .good = KeyRing(keys).verify(octets, now: now) { return true }
    return false
  }

  /// The reply as it would be sent.
  private func answer(_ refusal: SignatureRefusal, now: UInt64 = captureTime) throws -> [UInt8] {
    refusal.complete(try #require(UpdateReply.octets(to: plain, refusal.responseCode)), now: now)
  }

  /// Shortens the MAC of a signed message to so many octets.
  private func truncated(_ message: SignedMessage, to count: Int) -> [UInt8] {
    let algorithmLength = 13
    // Behind the MAC: original ID, error, length of other data.
    let end = message.octets.count - 6
    let start = end - message.mac.count
    var octets = Array(message.octets[..<start]) + Array(message.mac.prefix(count))
    if count > message.mac.count { octets += [UInt8](repeating: 0, count: count - message.mac.count) }
    octets += message.octets[end...]
    func put(_ value: Int, at: Int) {
      octets[at] = UInt8(value >> 8)
      octets[at + 1] = UInt8(value & 255)
    }
    put(count, at: start - 2)
    put(algorithmLength + 16 + count, at: start - 10 - algorithmLength - 2)
    return octets
  }

  @Test func unknownKey() throws {
    let other = SignatureKey(name: name("other.key"), algorithm: .sha256, secret: key().secret)
    let refusal = try #require(refused(try signed(other).octets))
    #expect(refusal.fault == .unknownKey && refusal.responseCode == .notAuth)
    #expect(refusal.description == "key other.key is not in keys (BADKEY)")
    try expectUnsigned(try answer(refusal), error: 17, name: "other.key", algorithm: "hmac-sha256")
  }

  @Test(arguments: ["md5", "sha1"])
  func weakAlgorithms(hash: String) throws {
    let request = try #require(captured["dnspython-update-hmac-\(hash)"])
    let refusal = try #require(refused(request))
    #expect(refusal.fault == .unknownAlgorithm && refusal.description.contains("hmac-\(hash)"))
    #expect(refusal.description.contains("dns_rfc2136_algorithm"))
    let algorithm = hash == "md5" ? "hmac-md5.sig-alg.reg.int" : "hmac-sha1"
    try expectUnsigned(try answer(refusal), error: 17, name: "certbot.key", algorithm: algorithm)
  }

  @Test func aKeyIsForOneAlgorithm() throws {
    let other = SignatureKey(name: key().name, algorithm: .sha512, secret: key().secret)
    let refusal = try #require(refused(try signed(other).octets))
    #expect(refusal.fault == .otherAlgorithm(.sha256))
    try expectUnsigned(try answer(refusal), error: 17, name: "certbot.key", algorithm: "hmac-sha512")
  }

  @Test func otherSecret() throws {
    let other = SignatureKey(name: key().name, algorithm: .sha256, secret: [UInt8](repeating: 7, count: 32))
    let refusal = try #require(refused(try signed(other).octets))
    #expect(refusal.fault == .wrongSignature && refusal.responseCode == .notAuth)
    try expectUnsigned(try answer(refusal), error: 16, name: "certbot.key", algorithm: "hmac-sha256")
  }

  @Test(arguments: [-301, -300, 0, 300, 301, -100_000, 100_000] as [Int64])
  func clocks(age: Int64) throws {
    let request = try signed(key())
    let now = UInt64(Int64(captureTime) + age)
    guard age.magnitude > 300 else {
      #expect(isGood(request.octets, now: now))
      return
    }
    let refusal = try #require(refused(request.octets, now: now))
    #expect(refusal.fault == .wrongTime(age) && refusal.responseCode == .notAuth)
    let reply = try answer(refusal, now: now)
    // Signed, with the client's time, so that its own clock does not keep it from reading ours.
    #expect(throws: ReplyFault.otherClock(age)) {
      try key().verify(reply: reply, to: request, now: captureTime)
    }
  }

  @Test(arguments: SignatureAlgorithm.allCases)
  func lengths(algorithm: SignatureAlgorithm) throws {
    let request = try signed(key(algorithm))
    for count in 0...(algorithm.length + 2) {
      let octets = truncated(request, to: count)
      let isAllowed = algorithm.shortest...algorithm.length ~= count
      #expect(isGood(octets, [key(algorithm)]) == isAllowed)
      if !isAllowed {
        let refusal = try #require(refused(octets, [key(algorithm)]))
        #expect(refusal.fault == .wrongLength(count) && refusal.responseCode == .formErr)
        #expect(try answer(refusal) == UpdateReply.octets(to: plain, .formErr))
      }
    }
  }

  @Test func ownMinimumLength() throws {
    let strict = key(minimumLength: 32)
    let request = try signed(strict)
    #expect(isGood(request.octets, [strict]))
    let octets = truncated(request, to: 20)
    let refusal = try #require(refused(octets, [strict]))
    #expect(refusal.fault == .truncated(20))
    let reply = try answer(refusal)
    let sent = SignedMessage(octets: octets, mac: Array(request.mac.prefix(20)))
    #expect(throws: ReplyFault.refused(.badTrunc)) { try strict.verify(reply: reply, to: sent, now: captureTime) }
  }

  /// Whatever bit is another, the message is not good: neither its own octets nor those of the record. Two places
  /// are not signed: the message's ID, which forwarders change, and the case of the two names.
  @Test func flippedBits() throws {
    let request = try signed(key())
    let nameStart = plain.count
    for at in request.octets.indices where at >= 2 {
      for bit in 0..<8 {
        var octets = request.octets
        octets[at] ^= 1 << UInt8(bit)
        let isSame = lowercasedEnd(octets, nameStart) == lowercasedEnd(request.octets, nameStart)
        #expect(isGood(octets) == isSame, "octet \(at), bit \(bit)")
      }
    }
  }

  /// The two names in lower case.
  private func lowercasedEnd(_ octets: [UInt8], _ start: Int) -> [UInt8] {
    var result = octets
    for i in start..<(start + 13) { result[i] = DomainName.lowercase(octets[i]) }
    for i in (start + 23)..<(start + 36) { result[i] = DomainName.lowercase(octets[i]) }
    return result
  }

  @Test func tornMessages() throws {
    let request = try signed(key())
    for count in 0..<request.octets.count { #expect(!isGood(Array(request.octets[..<count]))) }
    #expect(refused(request.octets + [0])?.fault == .malformed)
  }

  @Test func theRecordIsTheLastAndTheOnlyOne() throws {
    let request = try signed(key())
    var octets = request.octets + Message.opt()
    octets[11] = 2
    #expect(refused(octets)?.fault == .malformed)
    octets = request.octets + request.octets[plain.count...]
    octets[11] = 2
    #expect(refused(octets)?.fault == .malformed)
    // In the update section.
    octets = request.octets
    octets[9] = 2
    octets[11] = 0
    #expect(refused(octets)?.fault == .malformed)
  }

  @Test func anotherIDIsPutBack() throws {
    var octets = try signed(key()).octets
    octets[0] = 0xFF
    guard case .good(let request) = KeyRing([key()]).verify(octets, now: captureTime) else {
      Issue.record("refused")
      return
    }
    #expect(request.message.prefix(2) == [0xFF, 0x11])
  }

  private func expectUnsigned(_ reply: [UInt8], error: UInt8, name: String, algorithm: String) throws {
    #expect(reply[3] & 15 == 9 && reply[11] == 1)
    let record = Message.name(name) + Message.octets(250) + Message.octets(255) + [0, 0, 0, 0]
    let data =
      Message.name(algorithm) + [0, 0] + octets(hex: "6553f100") + Message.octets(300) + [
        0, 0, 0x47, 0x11, 0, error, 0, 0,
      ]
    #expect(reply.suffix(record.count + 2 + data.count) == record[...] + Message.octets(UInt16(data.count)) + data)
  }
}
