package import JSONFormat

/// A `ChangeBatch`: applied by Route 53 as a whole or not at all.
package struct ChangeBatch: Sendable, Equatable {
  package enum Action: String, Sendable {
    case create = "CREATE"
    case delete = "DELETE"
    case upsert = "UPSERT"
  }

  package struct Change: Sendable, Equatable {
    package let action: Action
    /// A `ResourceRecordSet`.
    package let record: JSON

    package init(_ action: Action, _ record: JSON) {
      self.action = action
      self.record = record
    }

    var weight: Int { action == .upsert ? 2 : 1 }
    private var values: [JSON] {
      guard case .array(let records) = record["ResourceRecords"] ?? .null else { return [] }
      return records
    }
    /// What counts against the API's limits.
    var recordCount: Int { weight * max(values.count, 1) }
    var characterCount: Int { weight * values.reduce(0) { $0 + ($1["Value"]?.string?.unicodeScalars.count ?? 0) } }
  }

  /// Of one request (Route 53's quotas); UPSERT counts twice.
  package static var mostRecords: Int { 1000 }
  package static var mostCharacters: Int { 32_000 }

  package var comment: String
  package var changes: [Change]

  package init(comment: String, changes: [Change]) {
    self.comment = comment
    self.changes = changes
  }

  package var fits: Bool {
    changes.reduce(0) { $0 + $1.recordCount } <= Self.mostRecords
      && changes.reduce(0) { $0 + $1.characterCount } <= Self.mostCharacters
  }

  /// The body of `change-resource-record-sets --change-batch`.
  package var json: JSON {
    .object([
      "Comment": .string(comment),
      "Changes": .array(
        changes.map { .object(["Action": .string($0.action.rawValue), "ResourceRecordSet": $0.record]) }),
    ])
  }
}

extension ChangeBatch {
  package init(_ shape: Shape) throws(ShapeError) {
    comment = try shape.string("Comment") ?? ""
    var changes: [Change] = []
    for element in try shape.member("Changes").elements() {
      let written = try element.member("Action")
      guard let action = Action(rawValue: try written.string()) else {
        throw written.error("CREATE, DELETE or UPSERT was expected")
      }
      let record = try element.member("ResourceRecordSet")
      _ = try RecordSet(record)
      changes.append(Change(action, record.json))
    }
    self.changes = changes
  }
}
