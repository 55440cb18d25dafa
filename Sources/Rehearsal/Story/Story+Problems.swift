package import Diagnostics
import Failover

extension Story {
  /// Names that the scene does not have, each with its place.
  package func problems(in scene: Scene) -> [Problem] {
    events.compactMap { event in
      switch event.action {
      case .target(let subject, _) where scene.subjects[subject] == nil:
        Problem(
          .error, event.position, "`\(subject)` has no probe here: name an endpoint, an address or CHECK@ENDPOINT")
      case .expect(let expectation) where scene.pool(named: expectation.pool) == nil:
        Problem(.error, event.position, "there is no pool `\(expectation.pool ?? "")`")
      default: nil
      }
    }
  }
}
