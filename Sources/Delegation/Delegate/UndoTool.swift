import JSONFormat

/// `alula route53 delegate --undo FILE`.
package struct UndoTool: Sendable {
  package let file: String
  package let source: Source
  package let applies: Bool
  let voice: Voice

  package init(file: String, source: Source, applies: Bool, _ voice: Voice) {
    self.file = file
    self.source = source
    self.applies = applies
    self.voice = voice
  }

  /// - Returns: the exit status.
  package func run() -> Int32 {
    voice.run { () throws(Source.Failure) in
      try undo()
      return 0
    }
  }

  private func undo() throws(Source.Failure) {
    let pages = try Source.read([file])
    let batch: ChangeBatch
    let changes: [String]
    let hosted = try source.hostedZone()
    do throws(ShapeError) {
      batch = try ChangeBatch(try Document.read(file, pages[0].text))
      changes = try UndoCheck.changes(batch, hosted)
    } catch { throw Source.Failure("\(error)") }
    guard changes.isEmpty else {
      throw Source.Failure(
        (["the hosted zone has changed since, so nothing is undone; make the batch yourself from \(file):"] + changes)
          .joined(separator: "\n  "))
    }
    for change in batch.changes {
      guard let set = try? RecordSet(Shape(change.record, file)) else { continue }
      voice.say("  \(change.action == .delete ? "-" : "+") \(set.title): \(set.outline)")
    }
    guard applies else { return voice.say("Nothing is applied without --apply.") }
    guard let id = source.zoneID else { throw Source.Failure("--apply needs --zone-id ID") }
    try Applying(source.aws, zoneID: id, say: voice.say).apply(batch)
  }
}
