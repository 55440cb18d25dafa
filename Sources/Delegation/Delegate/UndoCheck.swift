import JSONFormat
import Wire

/// Whether a kept batch still undoes what it was made for.
package enum UndoCheck {
  /// What has changed in the hosted zone since: then nothing must be undone blindly. Empty: nothing.
  package static func changes(_ undo: ChangeBatch, _ hosted: HostedZone) throws(ShapeError) -> [String] {
    var deleted: [RecordSet] = []
    var restored: [RecordSet] = []
    for change in undo.changes {
      let set = try RecordSet(Shape(change.record, "the undo batch"))
      if change.action == .delete { deleted.append(set) } else { restored.append(set) }
    }
    guard let name = deleted.first(where: { $0.type == "NS" })?.name else {
      throw ShapeError("the undo batch", "it deletes no NS record, so it undoes no delegation")
    }
    let now = hosted.records.filter { $0.name.isAtOrBelow(name) }
    let missing = deleted.filter { wanted in !now.contains { $0.isSame(as: wanted) } }
    let more = now.filter { set in !deleted.contains { $0.isSame(as: set) } }
    return missing.map { "\($0.title) is not there any more as it was made" }
      + more.map { set in
        restored.contains { $0.isSame(as: set) }
          ? "\(set.title) is there already" : "\(set.title) has been added or changed since"
      }
  }
}
