import Assembly
import Memory
import Synchronization
import Updating
import Wire

/// What updates have made of the zones and what peers still lack, in memory and on disk alike.
///
/// One file, written whole: what is on disk is what the last accepted update left, and never half of it.
final class UpdateStore: Sendable {
  private let kept: Mutex<KeptUpdates>
  /// Held by who writes, so that who only looks never waits for the disk.
  private let writing = Mutex(())
  /// Nil: the configuration has no state folder, and so no zone takes updates.
  private let folder: String?

  init(_ kept: KeptUpdates, folder: String?) {
    self.kept = Mutex(kept)
    self.folder = folder
  }

  var snapshot: KeptUpdates { kept.withLock { $0 } }

  func outbox(of peer: String) -> Outbox { kept.withLock { $0.outboxes[peer] ?? Outbox() } }

  /// Puts what `body` makes of it on disk; when that fails nothing has changed.
  func change(_ body: @Sendable (inout KeptUpdates) -> Void) throws(FileError) {
    try writing.withLock { _ throws(FileError) in
      var next = snapshot
      body(&next)
      guard let folder else { throw FileError(path: "state", message: "the configuration names no state folder") }
      try next.write(folder: folder)
      next.damage = []
      kept.withLock { [next] in $0 = next }
    }
  }

  /// The overlays of the zones that are served now: a file that was edited may have changed them.
  func follow(_ zones: [BuiltZone]) throws(FileError) {
    let known = snapshot.overlays
    let changed = zones.compactMap(\.updates).filter { updates in
      updates.isChanged && known[updates.overlay.zone] != updates.overlay
    }
    guard !changed.isEmpty else { return }
    try change { kept in
      for updates in changed { kept.overlays[updates.overlay.zone] = updates.overlay }
    }
  }
}
