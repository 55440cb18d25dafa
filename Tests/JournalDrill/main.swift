import Glibc
import Journal
import Memory

// The program that the durability tests kill: it appends numbered records, takes a snapshot of the numbers now and
// then, and prints each number once it is told that it is on disk.
//
//   JournalDrill FOLDER [--die-at STEP COUNT] [--until NUMBER] [--file-size OCTETS]

let words = CommandLine.arguments
let place = JournalPlace(folder: words[1], name: "drill")
func option(_ name: String, _ after: Int = 1) -> String? {
  words.firstIndex(of: name).flatMap { $0 + after < words.count ? words[$0 + after] : nil }
}

if let size = option("--file-size").flatMap({ UInt($0) }) {
  var limit = rlimit(rlim_cur: size, rlim_max: size)
  _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
}

let dieAt = option("--die-at").flatMap(JournalStep.init(rawValue:))
let countdown = Counter(Int(option("--die-at", 2) ?? "") ?? 1)
let until = Int(option("--until") ?? "") ?? .max

var limits = JournalLimits()
limits.log = 4096
limits.events = 100
limits.firstRetry = 1_000_000
limits.longestRetry = 10_000_000
let journal = Journal(place, limits) { step in
  if step == dieAt, countdown.next() == 0 { kill(getpid(), SIGKILL) }
  return 0
}

// All numbers from 1 up to the last are the state: a snapshot holds the last of them.
var last = 0
if let snapshot = journal.contents.snapshot { last = Numbers.decode(snapshot.octets) }
for record in journal.contents.records { last = max(last, Numbers.decode(record.octets)) }

let wanted = Flag()
guard let thread = journal.start(wantsSnapshot: { wanted.raise() }) else { exit(2) }
let first = last
journal.snapshot { Numbers.encode(first) }

let window = Window(64)
while last < until {
  window.enter()
  last += 1
  let number = last
  journal.append(
    1, Numbers.encode(number),
    .ordered { isOnDisk in
      say("\(isOnDisk ? "kept" : "lost") \(number)\n")
      window.leave()
    })
  if number % 10 == 0 { journal.event(2, Numbers.encode(number)) }
  if wanted.lower() || number % 500 == 0 { journal.snapshot { Numbers.encode(number) } }
}
let final = last
journal.snapshot(isLast: true) { Numbers.encode(final) }
_ = journal.stop()
thread.join()
say("trouble \(journal.status.stateTrouble?.text ?? "none")\n")
