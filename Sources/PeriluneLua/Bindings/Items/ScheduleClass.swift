internal import PeriluneBinding
internal import PeriluneItems
internal import PeriluneLuaRuntime
internal import PeriluneTrain

/// Schedules as objects: a call with a step gives the learning rate.
enum ScheduleClass {
    typealias Box = LuaBox<any Schedule>

    static let binding = ClassBinding(
        "schedule", Box.self, help: "A learning rate that follows from the number of steps done.",
        item: HeldItem(of: Box.self),
        operators: [
            .toString: { [.string("schedule \($0.object(1, as: Box.self)?.name ?? "?")")] },
            .call: { call in
                guard let box = call.object(1, as: Box.self), let step = call[2].integer, step >= 0 else {
                    throw TensorFault("a schedule is called with a step of 0 or more")
                }
                return [.number(box.value.value(at: step))]
            },
        ])

}
