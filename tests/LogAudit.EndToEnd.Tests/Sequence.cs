// One at a time: each of these tests runs a cloud, functions as processes and a receiver.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
