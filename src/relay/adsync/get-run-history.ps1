param([int]$Count = 50)
. "$PSScriptRoot/adsync.ps1"
Write-EngineAnswer -List {
    $types = @{}
    foreach ($connector in Get-ADSyncConnector) { $types["$($connector.Name)"] = Get-ConnectorType $connector }
    foreach ($run in Get-ADSyncRunProfileResult -NumberRequested $Count) {
        $type = $types["$($run.ConnectorName)"]
        if ($null -eq $type) { continue }
        $number = 0
        $steps = foreach ($step in Get-ADSyncRunStepResult -RunHistoryId $run.RunHistoryId) {
            $number += 1
            @{ stepNumber = $number; stepResult = [string]$step.StepResult }
        }
        @{
            runHistoryId   = [string]$run.RunHistoryId
            connectorName  = [string]$run.ConnectorName
            connectorType  = $type
            runProfileName = [string]$run.RunProfileName
            result         = [string]$run.Result
            startDate      = Format-Time $run.StartDate
            endDate        = Format-Time $run.EndDate
            steps          = [object[]]@($steps | Where-Object { $null -ne $_ })
        }
    }
}
