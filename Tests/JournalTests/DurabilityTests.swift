import Glibc
import Journal
import TestSupport
import Testing

/// A program that appends numbered records is killed again and again: what it was told to be on disk is there.
@Suite(.serialized) struct DurabilityTests {
  private let folder: Folder
  private let place: JournalPlace

  init() throws {
    folder = try Folder()
    place = JournalPlace(folder: folder.path, name: "drill")
  }

  /// The highest number that is on disk; all below it are then, as they are written in order.
  private func highest() -> Int {
    let contents = JournalContents(place)
    let numbers = ([contents.snapshot].compactMap(\.self) + contents.records).map {
      Int(String(decoding: $0.octets, as: UTF8.self)) ?? -1
    }
    return numbers.max() ?? 0
  }

  private func acknowledged(_ output: String) -> Int {
    output.split(separator: "\n").compactMap { line in
      line.hasPrefix("kept ") ? Int(line.dropFirst(5)) : nil
    }.max() ?? 0
  }

  @Test func whatWasAcknowledgedSurvivesKill9() throws {
    var last = 0
    for round in 0..<12 {
      let child = try Child([drillProgram, folder.path], in: folder, output: "out\(round)")
      // A different number each time, so that it dies at different places.
      let wanted = last + 150 + 97 * round
      _ = becomesTrue { acknowledged(child.output) >= wanted }
      child.stop()
      let kept = acknowledged(child.output)
      #expect(kept >= wanted, "round \(round) acknowledged \(kept)")
      #expect(highest() >= kept, "round \(round)")
      last = highest()
    }
  }

  /// It dies just before each step of an append and of a compaction.
  @Test(arguments: JournalStep.allCases.filter { !"\($0)".lowercased().contains("event") }, [1, 2, 3])
  func aDeathAtAnyStepLosesNothing(step: JournalStep, time: Int) throws {
    let first = try run([drillProgram, folder.path, "--die-at", step.rawValue, "\(time)", "--until", "1400"])
    let kept = acknowledged(first.output)
    #expect(highest() >= kept)
    let second = try run([drillProgram, folder.path, "--until", "\(highest() + 600)"])
    #expect(second.status == .exited(0))
    #expect(highest() >= acknowledged(second.output) && highest() > kept)
  }

  /// A disk that takes no more: nothing is acknowledged that is not there, and the program goes on.
  @Test func aFullDiskIsSaidAndStopsNothing() throws {
    let result = try run([drillProgram, folder.path, "--file-size", "2000", "--until", "900"])
    #expect(result.output.contains("lost "), "\(result.status)")
    #expect(highest() >= acknowledged(result.output))
  }
}
