import Sockets
import Wire

/// Asks one of the name's servers all that an audit wants of it. Each question is bounded by the timeout.
struct ServerQuestions {
  let zone: DomainName
  let server: DomainName
  /// The name servers below the zone that the parent knows.
  let inside: Set<DomainName>
  private let inquirer: Inquirer
  private var view: ServerView
  /// By which the rest is asked, if the other does not work.
  private var isStream = false

  /// How often the addresses are asked for: a pool may choose by lot. Rare enough that two servers that toss a coin
  /// each keep to one side, and not to the same.
  private static var asks: Int { 10 }
  /// For experiments (RFC 6891 §9), so that nobody knows it.
  private static var unknownOption: UInt16 { 65001 }

  init(
    _ zone: DomainName, _ server: DomainName, _ address: SocketAddress, inside: Set<DomainName>, _ patience: Patience
  ) {
    self.zone = zone
    self.server = server
    self.inside = inside
    inquirer = Inquirer(address, patience, tries: 2)
    view = ServerView(server, address)
  }

  func run() -> ServerView {
    var questions = self
    questions.askForAuthority()
    guard questions.view.isHeard else { return questions.view }
    questions.askForNameServers()
    questions.askForAddresses()
    questions.view.keys = questions.answer(RecordType(48)).map { $0.data(zone, RecordType(48)) }
    questions.askForExtensions()
    questions.askForTooMuch()
    return questions.view
  }

  private mutating func askForAuthority() {
    view.udp = askForAuthority(.udp)
    if view.udp == .noRoute {
      view.tcp = .noRoute
    } else {
      view.tcp = askForAuthority(.tcp)
    }
    isStream = view.udp != .good
  }

  private mutating func askForAuthority(_ transport: Inquirer.Transport) -> ServerView.Authority {
    do throws(InquiryError) {
      let answer = try inquirer.ask(Inquiry(zone, .soa), over: transport)
      if let alias = answer.alias(zone) { view.alias = alias }
      if let fault = answer.fault(zone) { return .lame(fault) }
      read(start: answer)
      return .good
    } catch { return error.hasNoRoute ? .noRoute : .silent("\(error)") }
  }

  private mutating func read(start answer: Answer) {
    guard let record = answer.answer.first(where: { $0.owner == zone && $0.type == .soa }),
      record.data.count >= 20
    else { return }
    func number(_ range: ArraySlice<UInt8>) -> UInt32 { range.reduce(0) { $0 << 8 | UInt32($1) } }
    view.serial = number(record.data.suffix(20).prefix(4))
    view.negativeTTL = min(record.ttl, number(record.data.suffix(4)))
  }

  /// Nil when nothing comes, or no answer of a server that knows the zone.
  private func answer(_ type: RecordType, at name: DomainName? = nil) -> Answer? {
    let name = name ?? zone
    let answer = isStream ? try? inquirer.ask(Inquiry(name, type), over: .tcp) : try? inquirer.resolve(name, type)
    guard let answer, answer.code == .noError || answer.code == .nxDomain else { return nil }
    return answer
  }

  private mutating func askForNameServers() {
    guard let own = answer(.ns).map({ Set($0.data(zone, .ns).compactMap { DomainName(wire: $0) }) }) else { return }
    view.nameServers = own
    var hosts: [DomainName: Set<IPAddress>] = [:]
    // What a zone lists is bounded by a message; what is asked, by this.
    for host in inside.union(own.filter { $0.isAtOrBelow(zone) }).sorted().prefix(AuditLimits.servers) {
      let answers = [RecordType.a, .aaaa].compactMap { answer($0, at: host) }
      guard answers.count == 2 else { return }
      hosts[host] = answers.reduce(into: []) { $0.formUnion($1.addresses(host)) }
    }
    view.hosts = hosts
  }

  private mutating func askForAddresses() {
    for type in [RecordType.a, .aaaa] {
      for _ in 0..<Self.asks {
        guard let answer = answer(type) else { break }
        view.answers[type, default: []].append(answer.addresses(zone))
        let ttls = answer.answer.filter { $0.owner == zone && $0.type == type }.map(\.ttl)
        view.addressTTL = [view.addressTTL, ttls.max()].compactMap(\.self).max()
        if let alias = answer.alias(zone) { view.alias = alias }
      }
    }
  }

  private mutating func askForExtensions() {
    guard !isStream else { return }
    view.edns = probe(Inquiry(zone, .soa)) { answer in
      if answer.code != .noError { return "a query with EDNS is answered \(answer.code)" }
      return answer.hasEDNS ? nil : "a query with EDNS is answered without it"
    }
    var inquiry = Inquiry(zone, .soa)
    inquiry.options = [Self.unknownOption]
    view.unknownOption = probe(inquiry) { $0.code == .noError ? nil : "is answered \($0.code)" }
    inquiry = Inquiry(zone, .soa)
    inquiry.version = 1
    view.otherVersion = probe(inquiry) { $0.code == .badVers ? nil : "is answered \($0.code)" }
    let mixed = zone.withMixedCase
    view.letterCase = probe(Inquiry(mixed, .soa)) {
      $0.question?.wire == mixed.wire ? nil : "comes back in other letters"
    }
  }

  private func probe(_ inquiry: Inquiry, _ fault: (Answer) -> String?) -> ServerView.Extension {
    do throws(InquiryError) {
      return fault(try inquirer.ask(inquiry)).map { .bad($0) } ?? .good
    } catch { return .bad("gets no answer: \(error)") }
  }

  private mutating func askForTooMuch() {
    var inquiry = Inquiry(zone, .soa)
    inquiry.wantsRecursion = true
    view.offersRecursion = (try? inquirer.ask(inquiry, over: isStream ? .tcp : .udp))?.offersRecursion ?? false
    guard view.tcp == .good, let answer = try? inquirer.ask(Inquiry(zone, .axfr), over: .tcp) else { return }
    view.givesTransfer = answer.code == .noError && !answer.data(zone, .soa).isEmpty
  }
}

/// Whatever is in the replies, an audit ends.
enum AuditLimits {
  /// Servers of one kind, and addresses of one server.
  static var servers: Int { 16 }
}

extension Answer {
  func addresses(_ name: DomainName) -> Set<IPAddress> {
    Set(data(name, .a).union(data(name, .aaaa)).compactMap { IPAddress(octets: $0) })
  }

  func alias(_ name: DomainName) -> DomainName? {
    data(name, .cname).first.flatMap { DomainName(wire: $0) }
  }

  /// Why it is no answer of a server of the zone.
  func fault(_ zone: DomainName) -> String? {
    if code != .noError { return "\(zone.shortText) SOA is answered \(code)" }
    if !isAuthoritative { return "\(zone.shortText) SOA is answered without authority" }
    return data(zone, .soa).isEmpty && alias(zone) == nil ? "\(zone.shortText) has no SOA there" : nil
  }
}

extension InquiryError {
  var hasNoRoute: Bool {
    guard case .noReply(let error) = self else { return false }
    switch error {
    case .failed(let error), .ourOwn(let error): return error.isNoRoute
    case .refused, .timedOut, .closed: return false
    }
  }
}

extension DomainName {
  /// Every second octet in the other case, if it is a letter; a length never is.
  fileprivate var withMixedCase: DomainName {
    DomainName(
      unchecked: wire.enumerated().map { i, octet in
        let isLetter = (0x41...0x5A).contains(octet & 0xDF)
        return i % 2 == 0 && isLetter ? octet ^ 0x20 : octet
      })
  }
}
