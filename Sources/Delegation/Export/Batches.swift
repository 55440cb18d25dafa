package import JSONFormat
import Wire

/// Splits record sets into change batches that Route 53 takes: all sets of one name and type in one, and what aliases
/// lead to before them.
package enum Batches {
  package static func split(_ records: [JSON], comment: String) -> [ChangeBatch] {
    var batches: [ChangeBatch] = []
    var current = ChangeBatch(comment: comment, changes: [])
    for group in groups(records) {
      let changes = group.map { ChangeBatch.Change(.upsert, $0) }
      var next = current
      next.changes += changes
      if next.fits || current.changes.isEmpty {
        current = next
      } else {
        batches.append(current)
        current = ChangeBatch(comment: comment, changes: changes)
      }
    }
    return current.changes.isEmpty ? batches : batches + [current]
  }

  private static func groups(_ records: [JSON]) -> [[JSON]] {
    var order: [String] = []
    var groups: [String: [JSON]] = [:]
    for record in records {
      let key = (record["Name"]?.string ?? "") + " " + (record["Type"]?.string ?? "")
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(record)
    }
    // What aliases lead to comes first, however deep.
    var sorted: [[JSON]] = []
    var seen: Set<String> = []
    func visit(_ key: String) {
      guard let group = groups[key], seen.insert(key).inserted else { return }
      for record in group {
        if let target = record["AliasTarget"]?["DNSName"]?.string { visit("\(target) \(record["Type"]?.string ?? "")") }
      }
      sorted.append(group)
    }
    for key in order { visit(key) }
    return sorted
  }

  /// With the ids of health checks and of the collection in the places of what stands for them.
  ///
  /// - Parameter ids: by `check:NAME` and `collection:NAME`.
  package static func resolve(_ json: JSON, _ ids: [String: String]) -> JSON {
    switch json {
    case .string(let text): return .string(ids[text] ?? text)
    case .array(let elements): return .array(elements.map { resolve($0, ids) })
    case .object(let members):
      return .object(members.map { JSON.Member(name: $0.name, value: resolve($0.value, ids)) })
    case .null, .bool, .number: return json
    }
  }
}
