import Failover
import Glibc
import Journal
import Memory
import TestSupport

let noSpace = ENOSPC

func seconds(_ count: Int64) -> Instant { Instant(nanoseconds: count * 1_000_000_000) }

/// A boot's clocks: `monotonic` seconds after it began, at `wall` seconds.
func stamp(wall: Int64, monotonic: Int64, boot: UInt64 = 1) -> JournalStamp {
  JournalStamp(
    wall: wall * 1_000_000_000, monotonic: monotonic * 1_000_000_000, boot: BootIdentity(high: boot, low: boot))
}

/// The program beside the test bundle that appends numbered records and may be killed.
var drillProgram: String {
  guard let path = unsafe realpath("/proc/self/exe", nil) else { return "" }
  defer { unsafe free(path) }
  let folder = unsafe String(cString: path).split(separator: "/", omittingEmptySubsequences: false).dropLast()
  return (folder + ["JournalDrill"]).joined(separator: "/")
}

func writeOctets(_ octets: [UInt8], _ path: String) throws {
  guard let file = unsafe fopen(path, "w") else { throw Trouble("cannot write \(path)") }
  defer { unsafe fclose(file) }
  for octet in octets { _ = unsafe putc(Int32(octet), file) }
}

/// Writes a snapshot of `first` and then the records, and ends.
func write(_ place: JournalPlace, first: [UInt8] = [1], records: [[UInt8]], limits: JournalLimits = JournalLimits())
  throws
{
  let journal = Journal(place, limits)
  guard let thread = journal.start(wantsSnapshot: {}) else { throw Trouble("no thread") }
  journal.snapshot { first }
  for record in records { journal.append(7, record) }
  guard journal.stop() else { throw Trouble("not in time") }
  thread.join()
}
