import Sockets
package import Wire

/// Asks a server of the delegation, before anybody is sent to it, for what the hosted zone answers today.
package struct ServerCheck: Sendable {
  /// What one server said.
  package struct Result: Sendable {
    package let server: DomainName
    package let address: SocketAddress
    /// Why it must not be delegated to: it does not answer, or not with authority.
    package internal(set) var failures: [String] = []
    /// Where it answers otherwise than the hosted zone.
    package internal(set) var differences: [String] = []
    /// What could not be compared.
    package internal(set) var unknown: [String] = []
    package internal(set) var compared = 0
  }

  package let zone: DomainName
  package let expected: [ExpectedAnswer]
  /// Nanoseconds.
  package let timeout: UInt64

  package init(zone: DomainName, expected: [ExpectedAnswer], timeout: UInt64 = 2_000_000_000) {
    self.zone = zone
    self.expected = expected
    self.timeout = timeout
  }

  package func run(_ server: DomainName, _ address: SocketAddress) -> Result {
    var result = Result(server: server, address: address)
    let inquirer = Inquirer(address, Patience(timeout: timeout))
    for transport in Inquirer.Transport.allCases {
      do throws(InquiryError) {
        let answer = try inquirer.ask(Inquiry(zone, .soa), over: transport)
        if let fault = fault(answer) { result.failures.append("over \(transport.rawValue): \(fault)") }
      } catch { result.failures.append("over \(transport.rawValue): \(error)") }
    }
    guard result.failures.isEmpty else { return result }
    for wanted in expected { compare(wanted, inquirer, &result) }
    return result
  }

  private func fault(_ answer: Answer) -> String? {
    if answer.code != .noError { return "\(zone.shortText) SOA is answered \(answer.code)" }
    if !answer.isAuthoritative { return "\(zone.shortText) is answered without authority" }
    return answer.data(zone, .soa).isEmpty ? "\(zone.shortText) has no SOA there" : nil
  }

  private func compare(_ wanted: ExpectedAnswer, _ inquirer: Inquirer, _ result: inout Result) {
    let title = "\(wanted.name.shortText) \(wanted.type)"
    if case .unknown(let why) = wanted.choice { return result.unknown.append("\(title): \(why)") }
    for transport in Inquirer.Transport.allCases {
      do throws(InquiryError) {
        var answer = try inquirer.ask(Inquiry(wanted.question, wanted.type), over: transport)
        if answer.isTruncated { answer = try inquirer.ask(Inquiry(wanted.question, wanted.type), over: .tcp) }
        result.compared += 1
        if let fault = ServerCheck.fault(answer, wanted) {
          result.failures.append("\(title) over \(transport.rawValue): \(fault)")
          return
        }
        if !wanted.agrees(with: ServerCheck.data(answer, wanted)) {
          result.differences.append(
            "\(title): \(ServerCheck.text(answer, wanted)) there, \(wanted.text) in the hosted zone")
          return
        }
      } catch {
        result.failures.append("\(title) over \(transport.rawValue): \(error)")
        return
      }
    }
  }

  /// A delegation below is a referral, which nobody gives with authority.
  private static func fault(_ answer: Answer, _ wanted: ExpectedAnswer) -> String? {
    if answer.code != .noError && answer.code != .nxDomain { return "it is answered \(answer.code)" }
    return answer.isAuthoritative || wanted.type == .ns ? nil : "it is answered without authority"
  }

  private static func data(_ answer: Answer, _ wanted: ExpectedAnswer) -> Set<[UInt8]> {
    let values = answer.data(wanted.question, wanted.type)
    guard values.isEmpty, wanted.type == .ns else { return values }
    return Set(answer.authority.filter { $0.owner == wanted.question && $0.type == .ns }.map(\.data))
  }

  private static func text(_ answer: Answer, _ wanted: ExpectedAnswer) -> String {
    let values = data(answer, wanted)
    return values.isEmpty ? (answer.code == .noError ? "no such record" : "\(answer.code)") : wanted.text(values)
  }
}

extension ExpectedAnswer {
  func text(_ values: Set<[UInt8]>) -> String {
    values.map { RDataFormat(type).text($0.rawBytes) }.sorted().joined(separator: ", ")
  }

  package var text: String {
    switch choice {
    case .oneOf(let sets): sets.map(text).joined(separator: " or ")
    case .someOf(let all): "some of \(text(all))"
    case .unknown(let why): why
    }
  }
}
