import Content
import Crypto
import Failover
import Sockets

/// Makes what attempts need, and what probes share: roots and keys are read once for each list of probes.
struct Workshop {
  let errands = Errands()
  private var contexts: [ContextKey: TLSContext] = [:]
  private var patterns: [String: Pattern] = [:]

  enum Setup {
    case ready(StreamSetup)
    case trouble(OwnTrouble)
  }

  private struct ContextKey: Hashable {
    let verification: TLSContext.Verification
    let identity: TLSContext.Identity?
  }

  /// For a new list of probes: files may have changed.
  mutating func renew() {
    contexts = [:]
    patterns = [:]
  }

  /// Whether one more program may start.
  var mayRun: Bool { ChildCommand.Slot.taken < CommandAttempt.maximum }

  mutating func setup(_ specification: ProbeSpecification) -> Setup {
    do throws(TLSFailure) {
      var tls: TLSSetup?
      if case .https(_, let settings) = specification.kind { tls = TLSSetup(try context(settings), settings) }
      var search: Search?
      if let expected = expectation(of: specification) { search = try self.search(expected) }
      return .ready(StreamSetup(octets: specification.octetsToSend, search: search, tls: tls, errands: errands))
    } catch {
      return .trouble(.resource(error.description))
    }
  }

  private func expectation(of specification: ProbeSpecification) -> ProbeSpecification.Expectation? {
    if case .tcpDialogue(let dialogue) = specification.kind { return dialogue.expected }
    return specification.request?.body
  }

  private mutating func search(_ expected: ProbeSpecification.Expectation) throws(TLSFailure) -> Search {
    switch expected {
    case .text(let text): return Search(.text(Array(text.utf8)), wording: text)
    case .pattern(let text):
      if let known = patterns[text] { return Search(.pattern(known), wording: text) }
      do throws(Pattern.Failure) {
        let pattern = try Pattern(text)
        patterns[text] = pattern
        return Search(.pattern(pattern), wording: text)
      } catch { throw .ours("the expression `\(text)`: \(error.message)") }
    }
  }

  private mutating func context(_ tls: ProbeSpecification.TLS) throws(TLSFailure) -> TLSContext {
    let key = ContextKey(verification: tls.verification, identity: tls.identity)
    if let known = contexts[key] { return known }
    let context = try TLSContext(tls.verification, as: tls.identity)
    contexts[key] = context
    return context
  }
}

/// An attempt that fails before it begins, on our own account.
final class FailedAttempt: Attempt {
  private let trouble: OwnTrouble

  init(_ specification: ProbeSpecification, _ trouble: OwnTrouble, at now: Instant) {
    self.trouble = trouble
    super.init(specification, .preparing, at: now)
  }

  override func advance() -> Step { .trouble(trouble) }
}
