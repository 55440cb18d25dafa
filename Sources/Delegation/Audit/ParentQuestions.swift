import Sockets
import Wire

/// Asks one of the parent's servers for the delegation.
struct ParentQuestions {
  let zone: DomainName
  let title: String
  private let inquirer: Inquirer

  init(_ zone: DomainName, _ title: String, _ address: SocketAddress, _ patience: Patience) {
    self.zone = zone
    self.title = title
    inquirer = Inquirer(address, patience, tries: 2)
  }

  func run() -> ParentView {
    do throws(InquiryError) {
      var view = view(try inquirer.resolve(zone, .ns))
      guard view.outcome == .delegates || view.outcome == .servesChild else { return view }
      // A server of both zones answers a question for DS out of the parent's (RFC 4035 §3.1.4.1).
      if let answer = try? inquirer.resolve(zone, .ds), answer.isAuthoritative, answer.code == .noError {
        view.signers = answer.data(zone, .ds)
      }
      return view
    } catch { return ParentView(title, error.hasNoRoute ? .noRoute : .silent("\(error)")) }
  }

  private func view(_ answer: Answer) -> ParentView {
    let records = (answer.answer + answer.authority).filter { $0.owner == zone && $0.type == .ns }
    var view = ParentView(title, outcome(answer, hasRecords: !records.isEmpty))
    guard view.outcome == .delegates || view.outcome == .servesChild else { return view }
    view.nameServers = Set(records.compactMap { DomainName(wire: $0.data) })
    view.ttl = records.map(\.ttl).max() ?? 0
    for record in answer.additional where view.nameServers.contains(record.owner) {
      guard [.a, .aaaa].contains(record.type), let address = IPAddress(octets: record.data) else { continue }
      view.glue[record.owner, default: []].insert(address)
    }
    return view
  }

  private func outcome(_ answer: Answer, hasRecords: Bool) -> ParentView.Outcome {
    let name = zone.shortText
    if hasRecords { return answer.isAuthoritative ? .servesChild : .delegates }
    if answer.code != .noError { return .refuses("\(name) NS is answered \(answer.code): it is not delegated here") }
    if let alias = answer.alias(zone) { return .refuses("\(name) is an alias (CNAME) of \(alias.shortText) there") }
    let other = answer.authority.first { $0.type == .ns && zone.isAtOrBelow($0.owner) }
    if let other, !answer.isAuthoritative {
      return .stranger("it is no server of the parent: it sends on to the servers of \(other.owner.description)")
    }
    return .refuses("\(name) has no NS records there: it is not delegated")
  }
}
