import TestSupport
import Testing
import Updating
import Wire

/// Against what dnspython and BIND's tools have signed.
@Suite struct SignatureTests {
  private func verdict(_ name: String, _ key: SignatureKey, now: UInt64? = nil) throws -> KeyRing.Verdict {
    KeyRing([key]).verify(try #require(captured[name]), now: now ?? captureTime)
  }

  @Test(arguments: SignatureAlgorithm.allCases, ["update", "query"])
  func dnspythonsRequestsVerify(algorithm: SignatureAlgorithm, kind: String) throws {
    guard case .good(let request) = try verdict("dnspython-\(kind)-\(algorithm.rawValue)", key(algorithm)) else {
      Issue.record("refused")
      return
    }
    #expect(request.message == captured[kind] && request.key == key(algorithm))
    #expect(request.mac.count == algorithm.length)
  }

  @Test(arguments: SignatureAlgorithm.allCases, ["update", "query"])
  func oursAreTheSameOctets(algorithm: SignatureAlgorithm, kind: String) throws {
    let signed = key(algorithm).sign(request: try #require(captured[kind]), time: captureTime)
    let theirs = try #require(captured["dnspython-\(kind)-\(algorithm.rawValue)"])
    // The key's name stands in the case in which it was written, and is signed in lower case.
    #expect(signed?.octets == lowercased(theirs, "Certbot"))
  }

  @Test(arguments: SignatureAlgorithm.allCases)
  func repliesAreTheSameOctets(algorithm: SignatureAlgorithm) throws {
    guard case .good(let request) = try verdict("dnspython-update-\(algorithm.rawValue)", key(algorithm)) else {
      Issue.record("refused")
      return
    }
    let reply = UpdateReply.octets(to: request.message, .noError).flatMap { request.sign($0, time: captureTime) }
    let theirs = lowercased(try #require(captured["dnspython-reply-\(algorithm.rawValue)"]), "Certbot")
    #expect(reply == theirs)
  }

  /// BIND's tools sign with the time of the day on which they were captured.
  @Test(arguments: SignatureAlgorithm.allCases, ["nsupdate", "dig"])
  func bindsRequestsVerify(algorithm: SignatureAlgorithm, tool: String) throws {
    let octets = try #require(captured["\(tool)-\(algorithm.rawValue)"])
    guard case .refused(let refusal) = KeyRing([key(algorithm)]).verify(octets, now: 0),
      let signature = refusal.signature
    else {
      Issue.record("good at the beginning of all time")
      return
    }
    #expect(refusal.fault == .wrongTime(-Int64(signature.time)))
    guard case .good = KeyRing([key(algorithm)]).verify(octets, now: signature.time) else {
      Issue.record("refused")
      return
    }
  }

  @Test func withoutSignature() throws {
    guard case .unsigned = try verdict("update", key()) else {
      Issue.record("not taken as unsigned")
      return
    }
  }

  private func lowercased(_ octets: [UInt8], _ word: String) -> [UInt8] {
    var result = octets
    for at in octets.indices where octets[at...].starts(with: word.utf8) {
      for i in at..<(at + word.utf8.count + 4) { result[i] = DomainName.lowercase(octets[i]) }
    }
    return result
  }
}
